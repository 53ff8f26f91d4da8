import type { Inspector } from './inspector.ts';
import type { Scale } from './scale.ts';

/** By how much of what is in view a key moves it, and how many times closer one brings it. */
const PAN = 0.2;
const ZOOM = 2;

/** What the keys of a timeline move: what is in view, or what is looked at. Anything else is none of its keys. */
export function moveByKey({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent, scale: Scale, inspector: Inspector): 'view' | 'spot' | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const name = shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key;
  const [view, spot] = [VIEW[name], SPOT[name]];
  view?.(scale, inspector);
  spot?.(inspector, scale);
  return view ? 'view' : spot && 'spot';
}

const zoom = (factor: number) => (scale: Scale, inspector: Inspector) => scale.zoom(factor, inspector.middle(scale.view));

const VIEW: Record<string, (scale: Scale, inspector: Inspector) => void> = {
  ArrowLeft: (scale) => scale.pan(-PAN),
  ArrowRight: (scale) => scale.pan(PAN),
  '+': zoom(ZOOM),
  // The same key without Shift.
  '=': zoom(ZOOM),
  '-': zoom(1 / ZOOM),
  '0': (scale) => scale.whole(),
  Home: (scale) => scale.show(0, scale.span_us),
  End: (scale) => scale.show(scale.length_us, scale.span_us),
};

const back = (inspector: Inspector) => inspector.step(-1);
const on = (inspector: Inspector) => inspector.step(1);

const SPOT: Record<string, (inspector: Inspector, scale: Scale) => void> = {
  ArrowUp: (inspector, scale) => inspector.changeLane(-1, scale.view),
  ArrowDown: (inspector, scale) => inspector.changeLane(1, scale.view),
  'Shift+ArrowLeft': back,
  'Shift+ArrowRight': on,
  '[': back,
  ']': on,
};
