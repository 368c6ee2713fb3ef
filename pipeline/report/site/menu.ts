// The menu between the site's pages: the same on every page, so that it depends on nothing but where the page lies.

export interface MenuEntry {
  readonly href: string
  readonly label: string
  readonly isCurrent: boolean
}

/** Of how many days there are views. */
export const spanDays = [7, 14, 30, 90] as const

/** Folder of each page in the site, and its name in the menu. */
const pages: readonly (readonly [folder: string, label: string])[] = [
  ['', 'Archive'],
  ...spanDays.map((days) => [`last/${days}/`, `${days} days`] as const),
  ['growth/', 'Growth'],
  ['tips/', 'Tips'],
  ['sessions/', 'Sessions'],
]

/** As seen from a page in this folder of the site; the script place.js takes it away where the others are not around. */
export function siteMenu(place: string): MenuEntry[] {
  const up = upFrom(place)
  return pages.map(([folder, label]) => ({
    href: `${up}${folder}index.html`,
    label,
    isCurrent: folder === place,
  }))
}

/** `../../` from `weekly/2026-W07/` to the site's folder. */
export function upFrom(place: string): string {
  return '../'.repeat(place.split('/').length - 1)
}
