/** The areas of the console in the order of the rail; `needs` lists permissions of which one suffices. */
export const areas: { group: string; links: { name: string; to: string; needs?: string[] }[] }[] = [
  {
    group: "top",
    links: [
      { name: "overview", to: "/", needs: ["contacts:read"] },
      { name: "contacts", to: "/contacts", needs: ["contacts:read"] },
    ],
  },
  {
    group: "reach",
    links: [
      { name: "segments", to: "/segments", needs: ["segments:read"] },
      { name: "scenarios", to: "/scenarios", needs: ["scenarios:read"] },
      { name: "deliveries", to: "/deliveries", needs: ["deliveries:read"] },
    ],
  },
  {
    group: "offer",
    links: [
      { name: "videos", to: "/videos", needs: ["videos:read"] },
      { name: "ranks", to: "/ranks", needs: ["ranks:read"] },
    ],
  },
  {
    group: "run",
    links: [{ name: "settings", to: "/settings" }],
  },
]
