// What the site's words mean, the simple ones first.

export interface Term {
  term: string;
  meaning: string;
}

export interface Topic {
  topic: string;
  terms: readonly Term[];
}

export const GLOSSARY: readonly Topic[] = [
  {
    topic: 'What is run',
    terms: [
      { term: 'workload', meaning: 'What is computed, such as a sum of squares or the hash of some bytes.' },
      { term: 'worker', meaning: 'Whoever does tasks: a thread, a process, or in the browser a web worker.' },
      { term: 'task', meaning: 'One piece of a workload that a worker does as a whole. How long it takes follows from its size.' },
      { term: 'chunk', meaning: 'Several tasks that are sent to a worker in one message, which saves messages.' },
      { term: 'CPU-bound', meaning: 'A task that computes all the time, so that a faster core would finish it sooner.' },
      { term: 'I/O-bound', meaning: 'A task that mostly waits for input or output, such as an answer from a network or a disk.' },
    ],
  },
  {
    topic: 'The ways to run it',
    terms: [
      { term: 'serial', meaning: 'One worker does one task after another. All other ways are compared with it.' },
      { term: 'threads', meaning: 'Workers that share one memory, as the threads of a Python program do. They share one lock, too.' },
      { term: 'processes', meaning: 'Workers that each have a memory, and in Python an interpreter, of their own. They get tasks and give answers by messages.' },
      { term: 'free-threads', meaning: 'Threads without the lock, as in the free-threaded Python that there is since 3.13.' },
      { term: 'event-loop', meaning: 'One worker that goes on with another task whenever one has to wait, as asyncio does.' },
      { term: 'heap', meaning: 'The part of memory where a program keeps its objects. Threads share one, each process has its own.' },
    ],
  },
  {
    topic: 'The lock',
    terms: [
      { term: 'CPython', meaning: 'The Python that most people run: the one from python.org.' },
      { term: 'Global Interpreter Lock', meaning: 'Short: GIL, or the lock. In CPython only the thread that holds it runs Python code. Here it is simulated, by the same rules: compared with the lock of CPython 3.11 and 3.13, on Linux with 2 cores.' },
      { term: 'switch interval', meaning: 'How long a thread waits before it asks the holder to hand over the lock. Python’s is 5 ms; sys.setswitchinterval changes it.' },
      { term: 'drop request', meaning: 'What a thread raises that has waited one switch interval. The holder looks for it many times in a microsecond, and lets go.' },
      { term: 'forced switch', meaning: 'A hand-over that a waiting thread asked for. The holder lets go and waits until another thread has the lock, mostly the one that asked.' },
      { term: 'contention', meaning: 'Several workers wanting the same thing at the same time, so that some of them wait.' },
    ],
  },
  {
    topic: 'What a worker does',
    terms: [
      { term: 'running', meaning: 'It computes its task.' },
      { term: 'waiting', meaning: 'It wants the lock, and computes nothing.' },
      { term: 'blocked', meaning: 'It waits for input or output. The lock is free for others meanwhile.' },
      { term: 'sending, receiving', meaning: 'It packs and sends a message, or receives and unpacks one.' },
      { term: 'starting', meaning: 'It is being started and cannot take a task yet.' },
      { term: 'idle', meaning: 'There is nothing for it to do.' },
      { term: 'dead', meaning: 'It died in the middle of a run, or was killed. A fresh one takes its place and its tasks.' },
    ],
  },
  {
    topic: 'The figures',
    terms: [
      { term: 'round', meaning: 'Every way is run once. Several rounds are measured, one after another, so that a slow moment of the machine hits all alike.' },
      { term: 'median', meaning: 'The figure in the middle when all are sorted. Unlike the average, it hardly moves when one of them is far off.' },
      { term: '95 % interval', meaning: 'Where the median would lie in 95 of 100 repetitions of the measurement, estimated from how much the rounds differ (bootstrap).' },
      { term: 'speed-up', meaning: 'How many times as fast as serial: its time over this time, taken within the same round. 2× is twice as fast.' },
      { term: 'ceiling', meaning: 'The speed-up that this machine gives bare workers, which do nothing but compute. No way can be expected to do better.' },
      { term: 'efficiency', meaning: 'The speed-up as a share of the ceiling.' },
      { term: 'start-up', meaning: 'From asking for a worker until it is ready.' },
      { term: 'lab', meaning: 'A question, what is run to answer it, and the rule that decides whether a claim about it holds.' },
      { term: 'verdict', meaning: 'What became of a lab’s claim on this machine: confirmed, refuted, or could not tell, by fixed rules from what was just measured.' },
      { term: 'report', meaning: 'Everything that was measured in a run, with what was run and on which machine. It can be saved.' },
      { term: 'trace', meaning: 'What each worker did, and when: what the timelines are drawn from.' },
    ],
  },
  {
    topic: 'Where it runs',
    terms: [
      { term: 'host', meaning: 'Where the workers live: in the browser, natively on your machine, or in a real CPython there.' },
      { term: 'web worker', meaning: 'How a browser runs something beside the page. It stands for a process if it has a memory of its own, and for a thread if several share one.' },
      { term: 'WebAssembly', meaning: 'Compiled code that runs in any browser at nearly the speed of a native program.' },
      { term: 'companion', meaning: 'The program gilscope on your machine. It runs the same experiments in real processes, threads and Pythons.' },
      { term: 'isolated page', meaning: 'A page that the browser keeps apart from all others. Only such a page may share memory between its workers.' },
    ],
  },
];
