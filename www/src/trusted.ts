// Trusted Types: where a browser knows them, the only addresses that scripts are loaded from by name are those of the
// site's own files, and nothing else becomes code (the Content-Security-Policy in www/public/_headers asks for that).

/** An address of one of the site's own files, as what creates workers takes it. */
export function trusted(path: string): TrustedScriptURL | string {
  const { href } = new URL(path, document.baseURI);
  return policy ? policy.createScriptURL(href) : href;
}

const policy = window.trustedTypes?.createPolicy('gilscope', {
  createScriptURL: (href) => {
    if (new URL(href).origin !== location.origin) throw new TypeError(`${href} is not a file of this site`);
    return href;
  },
});
