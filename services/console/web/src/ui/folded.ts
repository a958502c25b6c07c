const BETWEEN_WORDS = /[\s,.;:/|()[\]{}<>"'`‘’“”_+*&#!?–—-]+/u;

/** Without case and accents, so that `jose` finds José. */
export function folded(text: string): string {
  return text
    .trim()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase();
}

export function wordsOf(text: string): string[] {
  return folded(text).split(BETWEEN_WORDS).filter(Boolean);
}
