// What a browser keeps for this site. Some keep nothing, as in some frames: then nothing is found again, and nothing that
// is kept here may be needed.

type Kind = 'localStorage' | 'sessionStorage';

export function kept(kind: Kind, key: string): string | null {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

export function keep(kind: Kind, key: string, text: string): void {
  try {
    window[kind].setItem(key, text);
  } catch {
    // Nothing is kept here.
  }
}
