/** Hand the reader a file. */
export function save(name: string, json: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The click only starts the download, which still needs the URL.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
