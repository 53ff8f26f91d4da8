// How the site's WebAssembly comes to the page and to its workers. What can fail here has a name and a remedy.

/**
 * Pages of 64 KiB: what a module begins with, as the linker was told (xtask/src/build/wasm.rs) and one more that
 * wasm-bindgen adds for its threads; and its most.
 */
const INITIAL = 21;
const MAXIMUM = 4096;
/** With less no lab runs: 16 MiB. */
const LEAST = 256;
/** For whoever wants a memory for the page itself. */
const CLOSE_OTHERS = '; close other pages, and reload this one';
/** On the slowest of networks it takes a few seconds. */
const PATIENCE_MS = 60_000;

/** Fetch and compile a module. Rejects with what is wrong and what to do about it. */
export async function compiled(url: string): Promise<WebAssembly.Module> {
  if (!('WebAssembly' in globalThis)) throw new Error('this browser runs no WebAssembly; allow it, or use another browser');
  const late = AbortSignal.timeout(PATIENCE_MS);
  let response: Response | undefined;
  try {
    response = await fetch(url, { signal: late });
    // Some hosts do not know the type, or add a charset, and then nothing may be compiled on the way.
    const typed = response.headers.get('content-type') === 'application/wasm';
    if (response.ok) return await (typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw new Error(trouble(error as Error, late.aborted));
  }
  throw new Error(`the site has no WebAssembly (status ${response.status} for ${url}); reload the page, or tell who keeps the site`);
}

type Init = (begin: { module_or_path: WebAssembly.Module; memory: WebAssembly.Memory }) => Promise<unknown>;

/** Begin with a compiled module in the page itself: `init` is its own. WebKit minds the page's policy only now. */
export async function begun(init: Init, module: WebAssembly.Module): Promise<void> {
  const own = memory(CLOSE_OTHERS);
  try {
    await init({ module_or_path: module, memory: own });
  } catch (error) {
    throw forbids(error as Error) ? new Error(FORBIDDEN) : error;
  }
}

const FORBIDDEN = "this page's Content-Security-Policy forbids WebAssembly; its script-src needs 'wasm-unsafe-eval'";
const forbids = ({ message }: Error) => /content security policy|CSP|unsafe-eval/i.test(message);

function trouble(error: Error, late: boolean): string {
  const { name, message } = error;
  if (forbids(error)) return FORBIDDEN;
  if (name === 'CompileError') return `its WebAssembly cannot be compiled (${message}); reload the page, or use a newer browser`;
  const why = late ? `within ${PATIENCE_MS / 1000} s` : `(${message})`;
  return `its WebAssembly did not come ${why}; look at the connection and reload the page`;
}

/**
 * A memory for a module, as large at most as this device lets it become: a shared one reserves its most, and phones have
 * little to reserve. What is to be done where there is none depends on who wants it.
 */
export function memory(remedy = ''): WebAssembly.Memory {
  for (let maximum = MAXIMUM; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL, maximum, shared: true });
    } catch (error) {
      if (maximum > LEAST) continue;
      const MiB = (maximum * 64) / 1024;
      throw new Error(`this device has no memory left, not even ${MiB} MiB (${(error as Error).message})${remedy}`);
    }
  }
}
