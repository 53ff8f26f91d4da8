// The service worker of the site on a host that only has files. It adds the headers that the host does not send, so
// that memory can be shared, and keeps the site's files, so that it works offline. The page decides whether there is
// one: offline.ts.

const worker = self as unknown as ServiceWorkerGlobalScope;

/** What the build writes here: vite.config.ts. */
interface Build {
  /** Changes with any file. */
  version: string;
  /** All files of the site, relative to this one. */
  files: string[];
  /** For every response. */
  headers: Record<string, string>;
}
const { version, files, headers } = '__BUILD__' as unknown as Build;

const SCOPE = worker.registration.scope;
/** A host may have several sites, each with caches of its own. */
const OURS = `gilscope ${SCOPE} `;
const CACHE = OURS + version;

/** Their names have a hash of their content, so they never change. */
function isLasting(url: string): boolean {
  return url.startsWith(`${SCOPE}assets/`);
}

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Of the others the browser may have kept older ones.
  const fresh = files.map((file) => new Request(file, { cache: file.startsWith('assets/') ? 'default' : 'no-cache' }));
  await cache.addAll(fresh);
  // Pages that are open go on: they find what they need here or on the host.
  await worker.skipWaiting();
}

async function begin(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function kept({ url }: Request): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  const path = url.replace(/[?#].*/, '');
  return cache.match(path.endsWith('/') ? `${path}index.html` : path);
}

/** The host's own answer where there is one: only what cannot have changed is taken from the cache first. */
async function answer(request: Request): Promise<Response> {
  const lasting = isLasting(request.url) ? await kept(request) : undefined;
  if (lasting) return lasting;
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    throw error;
  }
}

/** The same response with the headers that it lacks. A host that isolates its pages knows what it sends. */
function withHeaders(response: Response): Response {
  if (response.headers.has('cross-origin-embedder-policy')) return response;
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) if (!all.has(name)) all.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers: all });
}

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(begin()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(SCOPE)) return;
  event.respondWith(answer(request).then(withHeaders));
});
