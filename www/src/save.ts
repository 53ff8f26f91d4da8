/** Hand the reader a file. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The click only starts the download, which still needs the URL.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function save(name: string, text: string, type = 'application/json'): void {
  saveBlob(name, new Blob([text], { type }));
}
