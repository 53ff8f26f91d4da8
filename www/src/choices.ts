// What the controls of an experiment's fields are called, what they hold and what there is to know of them.

import type { Field } from './fields.ts';
import type { Channel, Dispatch, Fault, Library, Policy, Primitive, StartMethod } from './host/index.ts';

export interface Choice {
  label: string;
  /** One line under the control. */
  about: string;
  /** What there is to know beyond it, for whoever asks. */
  help: string;
  /** After the number. */
  unit?: string;
  /** For a field that takes one of a few names: what each means. */
  names?: Readonly<Record<string, string>>;
}

/** Every name has its words: a name that the core adds is missed by the compiler. */
const named = <Name extends string>(names: Record<Name, string>) => names;

const DISPATCH = named<Dispatch>({
  batch: 'all at once, to workers that are ready',
  warm: 'one request at a time, to workers that are ready',
  fresh: 'one request at a time, each to a new worker',
});
const POLICIES = named<Policy>({
  'switch-interval': 'today’s: a waiter asks after a switch interval',
  ticks: 'before Python 3.2: dropped every 100 ticks',
});
const CHANNELS = named<Channel>({
  message: 'a message that is copied; natively a pipe',
  transfer: 'a message that is moved (browser)',
  queue: 'a queue that a thread empties (natively, CPython)',
  'shared-memory': 'memory that both have',
});
const FAULTS = named<Fault>({
  none: 'none',
  kill: 'killed from outside',
  exit: 'ends by itself',
  panic: 'panics (also a thread, and the run fails)',
  memory: 'uses up its memory',
  overflow: 'uses up its stack',
  wedge: 'computes for ever',
  send: 'ends while it sends',
  start: 'ends before it is ready',
});

const START_METHODS = named<StartMethod>({
  spawn: 'spawn: started afresh',
  fork: 'fork: a copy of its parent',
  forkserver: 'forkserver: a copy of a small process without threads',
});
const LIBRARIES = named<Library>({
  standard: 'threading, multiprocessing, asyncio',
  futures: 'concurrent.futures',
  interpreters: 'interpreters with a lock each',
});
const PRIMITIVES = named<Primitive>({
  lock: 'Lock',
  rlock: 'RLock',
  semaphore: 'Semaphore',
  event: 'Event',
  condition: 'Condition',
  barrier: 'Barrier',
  queue: 'Queue',
});

export const CHOICES: Readonly<Record<Field, Choice>> = {
  workload: {
    label: 'workload',
    about: '',
    help: 'What every task computes. Choosing another one also takes that one’s own size and number of tasks.',
  },
  size: {
    label: 'size',
    about: '',
    help: 'How much there is to do in one task. Tasks of less than about a millisecond are mostly cost.',
  },
  tasks: { label: 'tasks', about: 'in each round', help: 'A round hands out so many tasks to every model.' },
  seed: {
    label: 'seed',
    about: 'of the random numbers',
    help: 'The same seed gives the same numbers, and so the same answer, in every model and on every machine.',
  },
  shared: {
    label: 'shared part',
    about: 'of the work on one object that all share; the rest is on private ones',
    help: 'Where cores write to one object, its memory goes back and forth between them, with or without a lock.',
    unit: '%',
  },
  primitive: {
    label: 'primitive',
    about: 'what the tasks wait for each other with',
    help: 'Each is a small use of what Python’s threading module calls so.',
    names: PRIMITIVES,
  },
  model: {
    label: 'models',
    about: '',
    help: 'Each of them runs all tasks once in each round. Speed-ups are against serial: leave it in to see them.',
  },
  workers: {
    label: 'workers',
    about: 'at once',
    help: 'How many take tasks side by side. Several numbers, such as 1,2,4, run every model once with each.',
  },
  chunk: {
    label: 'chunk',
    about: 'tasks in one message',
    help: 'Processes get their tasks by messages. Many small tasks in one message share its cost.',
  },
  dispatch: {
    label: 'tasks come',
    about: 'how tasks come to the workers',
    help: 'A batch is all work at hand, as in Pool.map. One request at a time is a server’s case: each task is timed.',
    names: DISPATCH,
  },
  channel: {
    label: 'channel',
    about: 'how data goes to processes',
    help: 'Processes have a heap each: the data of a task has to come to it, and each way has its price.',
    names: CHANNELS,
  },
  'start-method': {
    label: 'start method',
    about: 'how a process comes to be',
    help: 'As in Python’s multiprocessing. Only natively and in CPython, outside of Windows, are there several.',
    names: START_METHODS,
  },
  library: {
    label: 'Python’s library',
    about: 'which of them runs the workers',
    help: 'For a run in a real CPython, which gilscope serve offers where it finds one.',
    names: LIBRARIES,
  },
  background: {
    label: 'beside them',
    about: 'workers that only compute',
    help: 'They take no tasks and compute for as long as the tasks take: what others do meanwhile.',
  },
  cores: {
    label: 'cores',
    about: 'to which the run is pinned; empty: all',
    help: 'With one core nothing runs side by side, whatever the model.',
  },
  'memory-budget': {
    label: 'memory budget',
    about: 'for all workers together',
    help: 'The lab about capacity counts how many workers fit into it.',
    unit: 'MiB',
  },
  fault: {
    label: 'fault',
    about: 'what happens to the worker with the middle task',
    help: 'It happens in every round to a process. Its task is run again on another, at most three times.',
    names: FAULTS,
  },
  'fault-times': {
    label: 'how often',
    about: 'it happens to the same task in a round',
    help: 'At the third time the task is given up and the run fails, once all other tasks have their answers.',
  },
  'lock-policy': {
    label: 'the lock',
    about: 'which protocol it follows',
    help: 'Both are CPython’s: what it does today, and what Python 2 did.',
    names: POLICIES,
  },
  'switch-interval': {
    label: 'switch interval',
    about: 'how long a waiting worker waits before it asks for the lock; Python: 5 ms',
    help: 'sys.setswitchinterval in Python. A long one lets a thread compute undisturbed, and the others wait.',
    unit: 'ms',
  },
  runs: {
    label: 'rounds',
    about: 'measured, after a warm-up',
    help: 'Each model runs once in each round; what is shown is the median of all, with its 95 % interval from three rounds on.',
  },
  warmup: {
    label: 'warm-up rounds',
    about: 'run first and thrown away',
    help: 'The first rounds are slower: caches are cold, and a browser has not compiled the code to the end.',
  },
  sweep: {
    label: 'points',
    about: 'to run one after another: fields with their values, points apart by semicolons',
    help: 'For example “size=1000 tasks=80; size=10000 tasks=8”. What a point does not set is as in the other fields. The charts then show what changes from point to point.',
  },
};

/** All fields in groups, in the order in which a reader thinks of them. */
export const GROUPS: readonly { title: string; fields: readonly Field[] }[] = [
  { title: 'What is computed', fields: ['workload', 'size', 'tasks', 'seed', 'shared', 'primitive'] },
  {
    title: 'How it is run',
    fields: ['model', 'workers', 'background', 'dispatch', 'chunk', 'channel', 'start-method', 'library', 'cores', 'memory-budget'],
  },
  { title: 'The lock', fields: ['lock-policy', 'switch-interval'] },
  { title: 'What goes wrong', fields: ['fault', 'fault-times'] },
  { title: 'How it is measured', fields: ['runs', 'warmup', 'sweep'] },
];
