// Which attributes of <gilscope-lab> are fields of its experiment: all but `theme` and those that HTML has for all elements.

/** Attributes that HTML has for all elements; and `theme`, which is ours. */
const NO_FIELDS = new Set(
  `theme id class style slot part title lang dir hidden role is tabindex inert nonce draggable translate spellcheck
  popover autofocus accesskey exportparts itemid itemprop itemref itemscope itemtype`.split(/\s+/),
);
/** What accessibility, scripts and frameworks put on any element. */
const NO_FIELD = /^(data-|aria-|on|_)|[:@]/;

export function isField(name: string): boolean {
  return !NO_FIELDS.has(name) && !NO_FIELD.test(name);
}

/** The fields as a link to the site spells them. */
export function fragmentOf(attributes: Iterable<{ name: string; value: string }>): string {
  const fields = [...attributes].filter(({ name }) => isField(name));
  return `#${new URLSearchParams(fields.map(({ name, value }) => [name, value]))}`.replaceAll('%2C', ',');
}
