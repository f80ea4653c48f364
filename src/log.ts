import { pino } from 'pino';

import type { LogLevel } from './config.js';
import type { Log } from './core/ports/effects.js';

/** One JSON line an event on standard error (standard output belongs to answers). Ids and one verb; never bodies, secrets only by mistake and then cut out. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: { app: 'goniec' },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: ['password', '*.password', '*.pass', '*.auth', 'error.config', 'token', '*.token'], censor: '(cut out)' },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
