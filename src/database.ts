/** Whose table is which: only the owner writes it, everyone may read it by joining. `npm run check` compares this list with the code and the migrations. */
export const tablesOf: Record<string, string[]> = {
  platform: ["migration", "setting", "worker_heartbeat", "rate_limit"],
  events: ["contact", "alias", "event", "event_receipt", "event_schema", "event_name", "event_key", "audit"],
  identity: [
    "sign_in_address",
    "account",
    "address_change",
    "session",
    "mail_token",
    "staff",
    "staff_session",
    "api_token",
  ],
  crm: ["profile", "contact_email", "contact_property", "consent", "note"],
  audience: [
    "condition",
    "condition_version",
    "build_overtaken",
    "holding",
    "holding_history",
    "segment",
    "dirty",
    "wake",
  ],
  messaging: ["delivery", "delivery_body", "mail_link", "suppression"],
  membership: ["membership", "rank", "rank_history", "rank_hold", "rank_grace"],
  content: ["file", "course", "video", "access_rule", "video_popularity", "catalogue_version", "watch_report", "watch"],
  journeys: ["scenario", "scenario_version", "scenario_run", "step_budget"],
}

/** Tables that name a contact without beginning their key with it: look-ups that must be unique across people. */
export const lookUps = ["sign_in_address", "alias"]
