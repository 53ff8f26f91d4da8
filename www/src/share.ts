// A report within a link: compact JSON, deflated, in the letters that a URL takes as they are.

import { analysis, type Report } from './host/index.ts';

/** The parameter of a link's fragment that holds a result. */
const RESULT = 'result';
/** What programs that pass links on are known to keep whole. */
const MOST_CHARS = 32_000;
/** No compact report is nearly as long; what unpacks to more was made to do harm. */
const MOST_BYTES = 1 << 20;

const DAMAGED = 'The result in this link cannot be read: it was cut off or changed on its way';

async function bytesOf(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('too long');
    }
    chunks.push(value);
  }
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const letters = Array.from(await bytesOf(stream, MOST_BYTES), (byte) => String.fromCharCode(byte));
  return btoa(letters.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function unpack(packed: string): Promise<string> {
  const letters = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new TextDecoder('utf-8', { fatal: true }).decode(await bytesOf(stream, MOST_BYTES));
}

/** This link with the result in it. Rejects where that is too long for a link. */
export async function withResult(link: string, report: Report): Promise<string> {
  const { compactReport } = await analysis();
  const whole = `${link}&${RESULT}=${await pack(compactReport(report))}`;
  if (whole.length > MOST_CHARS) throw new Error('This result is too long for a link. Download the report and send the file.');
  return whole;
}

/** A link's fragment apart: the experiment, and the result if there is one. */
export function apart(fragment: string): { experiment: string; result: string | undefined } {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const result = fields.get(RESULT) ?? undefined;
  fields.delete(RESULT);
  return { experiment: `#${fields}`, result };
}

/** The text of a report that a link carries. Rejects with the one thing to say, whatever the link holds. */
export async function resultText(result: string): Promise<string> {
  if (result.length > MOST_CHARS) throw new Error(`${DAMAGED}, for it is far too long.`);
  try {
    return await unpack(result);
  } catch {
    throw new Error(`${DAMAGED}. Ask for the link once more.`);
  }
}
