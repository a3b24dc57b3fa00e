// Names that are longer than what Logto and the pages take, cut so that the last character stays whole.

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most `limit` UTF-16 units, which is what Logto and `maxLength` count: an emoji is two of them, or many. */
export function fitted(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let length = 0;
  for (const { index, segment } of segmenter.segment(text)) {
    if (index + segment.length > limit) break;
    length = index + segment.length;
  }
  if (length === 0) return text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, ""); // one endless character
  return text.slice(0, length).trimEnd();
}
