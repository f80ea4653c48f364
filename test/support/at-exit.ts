/**
 * What must not outlive the test process: server processes and temporary folders. Tests stop what they start; this is for tests that fail half-way
 * and for runs that are interrupted.
 */
const duties = new Set<() => void>();
let watching = false;

/**
 * Runs `duty` (synchronous) when this process ends, unless the returned function is called first.
 */
export function atExit(duty: () => void): () => void {
  watch();
  duties.add(duty);
  return () => {
    duties.delete(duty);
  };
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    // The newest first: a server before the folder it lives in.
    for (const duty of [...duties].reverse()) {
      try {
        duty();
      } catch {
        // The others still have to run.
      }
    }
    duties.clear();
  });
  // Without a handler these end the process without an 'exit' event.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.exit(1);
    });
  }
}
