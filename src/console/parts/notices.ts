import { notifications } from "@mantine/notifications"

/** Says shortly that something was done. */
export function tell(message: string): void {
  notifications.show({ message, withBorder: true, color: "good" })
}
