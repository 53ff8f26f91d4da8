import { describe, expect, test, vi } from 'vitest';
import { begun, compiled, memory } from '../../src/host/module.ts';

/** The smallest valid module. */
const EMPTY = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function answers(body: BodyInit | null, init: ResponseInit = {}): void {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(body, init)));
}

describe('a module', () => {
  test.each(['application/wasm', 'application/wasm; charset=utf-8', 'application/octet-stream'])('that comes as %s is compiled', async (type) => {
    answers(EMPTY, { headers: { 'content-type': type } });
    expect(await compiled('a.wasm')).toBeInstanceOf(WebAssembly.Module);
  });

  test('that is not there is named, with what to do', async () => {
    answers('none', { status: 404 });
    await expect(compiled('a.wasm')).rejects.toThrow('the site has no WebAssembly (status 404 for a.wasm); reload the page, or tell who keeps the site');
  });

  test.each(['application/wasm', 'text/plain'])('that is broken is named where it came as %s', async (type) => {
    answers(EMPTY.slice(0, 6), { headers: { 'content-type': type } });
    await expect(compiled('a.wasm')).rejects.toThrow(/^its WebAssembly cannot be compiled \(.*\); reload the page, or use a newer browser$/);
  });

  test('that cannot be fetched is named', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
    await expect(compiled('a.wasm')).rejects.toThrow('its WebAssembly did not come (no network); look at the connection and reload the page');
  });

  test('that is late is named', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => Promise.reject(signal!.reason));
    await expect(compiled('a.wasm')).rejects.toThrow('its WebAssembly did not come within 60 s; look at the connection');
  });

  test.each(['Refused by Content Security Policy', 'violates CSP', "'unsafe-eval' is not allowed"])('that the page’s policy forbids is named: %s', async (message) => {
    answers(EMPTY);
    vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new WebAssembly.CompileError(message));
    const words = "this page's Content-Security-Policy forbids WebAssembly; its script-src needs 'wasm-unsafe-eval'";
    await expect(compiled('a.wasm')).rejects.toThrow(words);
    const init = () => Promise.reject(new Error(message));
    await expect(begun(init, {} as WebAssembly.Module)).rejects.toThrow(words);
  });

  test('cannot be had in a browser without WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    delete (globalThis as Partial<typeof globalThis>).WebAssembly;
    await expect(compiled('a.wasm')).rejects.toThrow('this browser runs no WebAssembly');
  });

  test('begins in a shared memory of its own, and its own errors stay as they are', async () => {
    const init = vi.fn(async (_: { memory: WebAssembly.Memory }) => {});
    const module = {} as WebAssembly.Module;
    await begun(init, module);
    expect(init.mock.calls[0]![0]).toMatchObject({ module_or_path: module });
    expect(init.mock.calls[0]![0].memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    const error = new Error('its own');
    await expect(begun(() => Promise.reject(error), module)).rejects.toBe(error);
  });
});

describe('a memory', () => {
  /** A device with room for so many pages in one memory. */
  function room(pages: number) {
    const asked: number[] = [];
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function ({ maximum }: WebAssembly.MemoryDescriptor) {
      asked.push(maximum!);
      if (maximum! > pages) throw new RangeError('no room');
      return { maximum } as never;
    } as never);
    return asked;
  }

  test('is as large as the device lets it become', () => {
    expect(room(4096) && memory()).toEqual({ maximum: 4096 });
    vi.restoreAllMocks();
    const asked = room(700);
    expect(memory()).toEqual({ maximum: 512 });
    expect(asked).toEqual([4096, 2048, 1024, 512]);
  });

  test('of 16 MiB is the least that is tried', () => {
    room(256);
    expect(memory()).toEqual({ maximum: 256 });
    vi.restoreAllMocks();
    const asked = room(255);
    expect(() => memory('; close other pages')).toThrow('this device has no memory left, not even 16 MiB (no room); close other pages');
    expect(asked.at(-1)).toBe(256);
  });
});
