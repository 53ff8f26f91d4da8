import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Gestures } from '../../src/timeline/gestures.ts';
import { Scale } from '../../src/timeline/scale.ts';

const LINE = 1;

/** A canvas from 100 to 300 px, its scale, and ways to fire events at it. */
function gestures() {
  const heard = new Map<string, (event: object) => void>();
  const canvas = {
    clientWidth: 200,
    addEventListener: (type: string, listener: (event: object) => void) => heard.set(type, listener),
    getBoundingClientRect: () => ({ left: 100, width: 200 }),
    setPointerCapture: vi.fn(),
  };
  const scale = new Scale();
  scale.show(200_000, 400_000);
  const pointing = { at: vi.fn(), gone: vi.fn() };
  new Gestures(canvas as unknown as HTMLCanvasElement, () => scale, pointing);
  const fire = (type: string, event: object = {}) => {
    const preventDefault = vi.fn();
    heard.get(type)!({ preventDefault, ...event });
    return preventDefault.mock.calls.length > 0;
  };
  const pointer = (type: string, pointerId: number, clientX: number, more: object = {}) =>
    fire(type, { pointerId, clientX, button: 0, offsetX: clientX - 100, offsetY: 7, ...more });
  const wheel = (event: object) => fire('wheel', { deltaX: 0, deltaY: 0, deltaMode: 0, clientX: 150, ...event });
  const view = () => [Math.round(scale.view.from_us), Math.round(scale.view.to_us)];
  return { canvas, scale, pointing, fire, pointer, wheel, view };
}

beforeEach(() => void vi.stubGlobal('WheelEvent', { DOM_DELTA_LINE: LINE }));

describe('a wheel', () => {
  test('alone is the page’s', () => {
    const { wheel, view } = gestures();
    expect(wheel({ deltaY: 100 })).toBe(false);
    expect(view()).toEqual([200_000, 600_000]);
  });

  test.each(['ctrlKey', 'metaKey'])('with %s zooms around the pointer', (key) => {
    const { wheel, view } = gestures();
    expect(wheel({ deltaY: -160, [key]: true })).toBe(true);
    // A quarter from the left stays there.
    expect(view()).toEqual([250_000, 450_000]);
    wheel({ deltaY: 160, [key]: true });
    expect(view()).toEqual([200_000, 600_000]);
  });

  test('that counts lines zooms by as much', () => {
    const { wheel, view } = gestures();
    wheel({ deltaY: -10, deltaMode: LINE, ctrlKey: true });
    expect(view()).toEqual([250_000, 450_000]);
  });

  test('sideways, or with Shift, moves the view', () => {
    const { wheel, view } = gestures();
    expect(wheel({ deltaX: 50, deltaY: 49 })).toBe(true);
    expect(view()).toEqual([300_000, 700_000]);
    expect(wheel({ deltaY: -50, shiftKey: true })).toBe(true);
    expect(view()).toEqual([200_000, 600_000]);
  });

  test('sideways is the page’s where all is in view, or where it goes down rather', () => {
    const { scale, wheel, view } = gestures();
    expect(wheel({ deltaX: 50, deltaY: 51 })).toBe(false);
    scale.whole();
    expect(wheel({ deltaX: 50 })).toBe(false);
    expect(view()).toEqual([0, 1_000_000]);
  });
});

describe('a pointer', () => {
  test('that is not down points', () => {
    const { pointer, pointing, view } = gestures();
    pointer('pointermove', 1, 150);
    expect(pointing.at).toHaveBeenLastCalledWith(50, 7);
    expect(view()).toEqual([200_000, 600_000]);
  });

  test('that is down drags the view along until it is up', () => {
    const { pointer, view, canvas, pointing } = gestures();
    pointer('pointerdown', 1, 200);
    expect(canvas.setPointerCapture).toHaveBeenCalledWith(1);
    expect(pointing.at).toHaveBeenCalledTimes(1);
    pointer('pointermove', 1, 150);
    pointer('pointermove', 1, 100);
    expect(view()).toEqual([400_000, 800_000]);
    pointer('pointerup', 1, 100);
    pointer('pointermove', 1, 0);
    expect(view()).toEqual([400_000, 800_000]);
  });

  test('with another button drags nothing', () => {
    const { pointer, view } = gestures();
    pointer('pointerdown', 1, 200, { button: 2 });
    pointer('pointermove', 1, 150);
    expect(view()).toEqual([200_000, 600_000]);
  });

  test('that leaves points at nothing, unless it is a finger that was lifted', () => {
    const { fire, pointing } = gestures();
    fire('pointerleave', { pointerType: 'touch' });
    expect(pointing.gone).not.toHaveBeenCalled();
    fire('pointerleave', { pointerType: 'mouse' });
    expect(pointing.gone).toHaveBeenCalledTimes(1);
  });
});

test('two fingers twice as far apart show half as much around the one that is still', () => {
  const { pointer, view } = gestures();
  pointer('pointerdown', 1, 150);
  pointer('pointerdown', 2, 200);
  pointer('pointermove', 2, 250);
  expect(view()).toEqual([250_000, 450_000]);
  pointer('pointermove', 2, 200);
  expect(view()).toEqual([200_000, 600_000]);
  pointer('pointercancel', 1, 150);
  // The other one drags.
  pointer('pointermove', 2, 150);
  expect(view()).toEqual([300_000, 700_000]);
});

test('fingers that meet do not zoom without end', () => {
  const { pointer, view } = gestures();
  pointer('pointerdown', 1, 150);
  pointer('pointerdown', 2, 200);
  pointer('pointermove', 2, 150);
  expect(view()).toEqual([200_000, 600_000]);
});

test('fingers that were in one place zoom by how far they are apart', () => {
  const { pointer, scale } = gestures();
  pointer('pointerdown', 1, 150);
  pointer('pointerdown', 2, 150);
  pointer('pointermove', 2, 250);
  expect(scale.span_us).toBeCloseTo(4000);
});

test('a double click brings what is under it closer', () => {
  const { fire, view } = gestures();
  fire('dblclick', { clientX: 200 });
  expect(view()).toEqual([333_333, 466_667]);
});
