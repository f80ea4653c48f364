/** What an outgoing server can do to an answer. */
import type { Fault } from './fault.js';

/** What the log says of each failed try. */
const TOLD = /delivery-failed/;
const SLOW_MS = 1_500;
/** Inside the headers of any answer: the server has seen a part of the mail. */
const CUT_AT_MOST_BYTES = 300;

export const smtpDown: Fault = {
  name: 'smtp-down',
  what: 'the SMTP server is gone for a while',
  lastsMs: 8_000,
  async begin({ sink }) {
    await sink.stop();
    return () => sink.start();
  },
  told: TOLD,
};

export const smtp4xx: Fault = {
  name: 'smtp-4xx',
  what: 'the SMTP server says: later',
  lastsMs: 6_000,
  async begin({ sink }) {
    sink.failNext({ stage: 'rcpt', code: 451, message: '4.3.0 try again later', times: 6 });
    sink.failNext({ stage: 'data', code: 452, message: '4.3.1 no room', times: 6 });
    return async () => sink.clearFaults();
  },
  told: TOLD,
};

export const smtp5xx: Fault = {
  name: 'smtp-5xx',
  what: 'the SMTP server says: never',
  lastsMs: 6_000,
  async begin({ sink }) {
    sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user', times: 3 });
    sink.failNext({ stage: 'data', code: 554, message: '5.7.1 refused', times: 3 });
    return async () => sink.clearFaults();
  },
  told: TOLD,
};

export const smtpSlow: Fault = {
  name: 'smtp-slow',
  what: `each answer of the SMTP server takes ${SLOW_MS} ms`,
  lastsMs: 10_000,
  async begin({ smtpLine }) {
    smtpLine.delayMs = () => SLOW_MS;
    return async () => {
      smtpLine.delayMs = () => 0;
    };
  },
  told: undefined,
};

export const smtpCutInData: Fault = {
  name: 'smtp-cut-in-data',
  what: 'the line is cut in the middle of a mail',
  lastsMs: 6_000,
  async begin({ smtpLine }, random) {
    smtpLine.cutMailAfter = () => random.whole(1, CUT_AT_MOST_BYTES);
    return async () => {
      smtpLine.cutMailAfter = () => undefined;
    };
  },
  told: TOLD,
};

export const smtpCutAfterData: Fault = {
  name: 'smtp-cut-after-data',
  what: 'the line is cut after the final dot; some mails were taken, some not',
  lastsMs: 6_000,
  async begin({ sink }) {
    sink.dropAfterData(3);
    sink.dropAt('data', 3);
    return async () => sink.clearFaults();
  },
  told: TOLD,
};
