let versions: Record<string, string> = {}

/** Tells the content hash of each built file, e.g. `{ "site.css": "3fa9c1" }`; given once by the composition root. */
export function setAssetVersions(map: Record<string, string>): void {
  versions = map
}

/** The address of a built file; with its content hash, so that browsers may keep it for ever. */
export function asset(name: string): string {
  const version = versions[name]
  return version ? `/assets/${name}?v=${version}` : `/assets/${name}`
}
