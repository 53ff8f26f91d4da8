import { describe, expect, test } from 'vitest';
import { labOf, Settings } from '../src/settings.ts';
import { core } from './core.ts';

const settings = (fragment = '') => new Settings(core, { cores: 4, unsharedReason: undefined }, fragment);
const fields = (fragment: string) => Object.fromEntries(new URLSearchParams(fragment.slice(1)));

describe('a link', () => {
  test('without fields is the first lab as it is', () => {
    const { experiment, texts, changed, linkError } = settings('#');
    expect([experiment.lab, texts.size, texts.workers, changed, linkError]).toEqual(['race', '1000', '2', [], undefined]);
  });

  test('fills the controls, and comes back from them', () => {
    const link = '#lab=convoy&workload=mandelbrot&size=77&tasks=3&model=serial&seed=9&workers=1,3';
    const of = settings(link);
    expect(of.texts).toMatchObject({ workload: 'mandelbrot', size: '77', tasks: '3', model: 'serial', seed: '9', workers: '1,3' });
    expect(fields(of.fragment())).toEqual(fields(link));
    expect(of.fragment()).toContain('workers=1,3');
  });

  test('always tells the number of workers, whose default depends on the machine', () => {
    expect(settings().fragment()).toBe('#workers=2');
  });

  test('tells nothing that every point sets', () => {
    const of = settings('#lab=convoy&switch-interval=7');
    expect(fields(of.fragment())).toEqual({ lab: 'convoy', workers: '2' });
  });

  test('names the last lab that it has', () => {
    expect([labOf(''), labOf('#lab=convoy'), labOf('#lab=convoy&lab=channel')]).toEqual(['race', 'convoy', 'channel']);
  });

  test('is not asked for a trace: the page asks for its own', () => {
    const of = settings('#trace=true&size=7');
    expect([of.texts.size, of.linkUnknown]).toEqual(['7', []]);
  });

  test.each(['workers=two', 'size=0', 'workload=fibonacci', 'model=', 'workers=33'])('that says %s gives the defaults, with the reason', (field) => {
    const of = settings(`#tasks=5&${field}`);
    const [name, value] = field.split('=') as [string, string];
    expect(of.linkError).toContain(`This link's ${name} cannot be “${value}”: `);
    expect([of.texts, of.error]).toEqual([settings().texts, undefined]);
  });

  test('that is wrong leads to its lab all the same, if there is one', () => {
    expect(settings('#lab=convoy&size=0').experiment.lab).toBe('convoy');
    expect(settings('#lab=nowhere').experiment.lab).toBe('race');
  });

  test('of a later version is used as far as it is known', () => {
    const of = settings('#size=777&colour=red&later');
    expect([of.linkUnknown, of.texts.size, of.linkError]).toEqual([['colour', 'later'], '777', undefined]);
  });

  test('that cannot be decoded is used as far as it can', () => {
    const of = settings('#%F0%9F=%&size=777');
    expect([of.linkUnknown.length, of.texts.size, of.linkError]).toEqual([1, '777', undefined]);
  });

  test('is forgotten, with what was wrong with it, when the reader sets something', () => {
    const of = settings('#size=0');
    of.set('size', '5');
    expect(of.linkError).toBeUndefined();
    const unknown = settings('#colour=red');
    unknown.setQuick(true);
    expect(unknown.linkUnknown).toEqual([]);
  });

  test('takes the place of the last one', () => {
    const of = settings('#size=0&colour=red');
    of.follow('#lab=channel&seed=4');
    expect([of.experiment.lab, of.texts.seed, of.changed, of.linkError, of.linkUnknown]).toEqual(['channel', '4', ['seed'], undefined, []]);
  });
});

describe('a control', () => {
  test('changes the experiment', () => {
    const of = settings();
    of.set('workers', '1,4');
    expect(of.experiment.workers).toEqual([1, 4]);
    expect(fields(of.fragment())).toEqual({ workers: '1,4' });
  });

  test('with a wrong text keeps it and the last experiment, until it is right', () => {
    const of = settings();
    of.set('size', 'many');
    expect([of.error?.field, of.error?.value, of.texts.size, of.experiment.size]).toEqual(['size', 'many', 'many', 1000]);
    of.set('tasks', '3');
    expect(of.error?.field).toBe('size');
    of.set('size', '50');
    expect([of.error, of.experiment.size, of.experiment.tasks]).toEqual([undefined, 50, 3]);
  });

  test('of the workload brings that one’s size and tasks', () => {
    const of = settings('#size=7&tasks=2&seed=5');
    of.set('workload', 'mandelbrot');
    expect(of.texts).toMatchObject({ workload: 'mandelbrot', size: '512', tasks: '64', seed: '5' });
    expect(of.workload.id).toBe('mandelbrot');
  });

  test('of the cores may be left empty', () => {
    const of = settings('#cores=2');
    expect(of.experiment.cores).toBe(2);
    of.set('cores', '');
    expect([of.error, of.experiment.cores]).toEqual([undefined, undefined]);
  });

  test('keeps the lab', () => {
    const of = settings('#lab=convoy');
    of.set('size', '5');
    expect([of.lab.id, of.own().sweep.length]).toEqual(['convoy', 3]);
  });
});

describe('a sweep', () => {
  test('is left for the point in the middle, with what the reader set', () => {
    const of = settings('#lab=convoy');
    of.set('switch-interval', '42');
    expect(of.texts).toMatchObject({ sweep: '', 'switch-interval': '42' });
    expect(of.experiment.switch_interval_s).toBe(0.042);
  });

  test('that is emptied leaves the point in the middle', () => {
    const of = settings('#lab=convoy');
    of.set('sweep', ' ');
    expect([of.texts['switch-interval'], of.experiment.sweep]).toEqual(['5', []]);
  });

  test('stays when something else is set', () => {
    const of = settings('#lab=convoy');
    of.set('size', '5');
    expect(of.experiment.sweep).toHaveLength(3);
  });

  test('comes back by its text', () => {
    const of = settings('#lab=convoy');
    const { sweep } = of.texts;
    of.set('sweep', '');
    of.set('sweep', sweep);
    expect([of.experiment.sweep.length, of.fragment()]).toEqual([3, settings('#lab=convoy').fragment()]);
  });
});

describe('the quick experiment', () => {
  test('is switched on and off', () => {
    const of = settings();
    expect([of.hasQuick, of.isQuick, of.texts.runs]).toEqual([true, false, '5']);
    of.setQuick(true);
    expect([of.isQuick, of.experiment.runs]).toEqual([true, 1]);
    of.setQuick(false);
    expect([of.isQuick, of.experiment.runs]).toEqual([false, 5]);
  });

  test('leaves what is the reader’s', () => {
    const of = settings('#size=9');
    of.setQuick(true);
    expect([of.texts.size, of.texts.runs]).toEqual(['9', '1']);
  });

  test('is left when one of its fields is set', () => {
    const of = settings();
    of.setQuick(true);
    of.set('runs', '2');
    expect(of.isQuick).toBe(false);
  });

  test('is not there where it would be the same', () => {
    const { hasQuick, isQuick } = settings('#lab=channel');
    expect([hasQuick, isQuick]).toEqual([false, false]);
  });

  test('has fewer points, unless the reader chose one', () => {
    const of = settings('#lab=convoy');
    of.setQuick(true);
    expect(of.experiment.sweep).toHaveLength(2);
    const one = settings('#lab=convoy&sweep=');
    one.setQuick(true);
    expect([one.experiment.sweep.length, one.experiment.runs, one.isQuick]).toEqual([0, 1, true]);
  });
});

describe('the lab’s own controls', () => {
  const shown = (fragment: string) => [...settings(fragment).shown].sort();

  test('are those that every lab has, and what this one has to choose', () => {
    const always = ['model', 'runs', 'size', 'tasks', 'workers', 'workload'];
    expect(shown('')).toEqual([...always, 'switch-interval'].sort());
    expect(shown('#lab=channel')).toEqual([...always, 'channel'].sort());
    expect(shown('#lab=convoy')).toEqual([...always, 'background', 'switch-interval', 'sweep'].sort());
  });

  test('do not move while the reader sets other fields', () => {
    expect(shown('#chunk=7&seed=5')).toEqual(shown(''));
  });

  test('are not those that a sweep sets, unless they are sliders', () => {
    const of = settings('#lab=convoy&sweep=size%3D10; size%3D20');
    expect([of.shown.has('size'), of.others.includes('size')]).toEqual([false, false]);
    expect(settings('#lab=convoy').shown.has('switch-interval')).toBe(true);
  });

  test('are those that the lab’s sweep sets, once the reader has left it', () => {
    const of = settings('#lab=chunks');
    expect([of.shown.has('chunk'), of.others.includes('chunk')]).toEqual([false, false]);
    of.set('sweep', '');
    expect([of.shown.has('chunk'), of.texts.chunk]).toEqual([true, '10']);
  });

  test('and the others are all fields', () => {
    const of = settings('#seed=5');
    expect([...of.shown].some((field) => of.others.includes(field))).toBe(false);
    expect(of.shown.size + of.others.length).toBe(Object.keys(of.texts).length);
    expect(of.changed).toEqual(['seed']);
  });
});
