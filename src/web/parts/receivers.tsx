import type { FC } from 'hono/jsx';
import type { MailAddress } from '../../core/mail.js';
import type { Recipients } from '../../core/recipients.js';
import type { Reader } from '../reader.js';
import { ARG } from '../verbs.js';
import { Hidden } from './form.js';

export const addressText = ({ name, address }: MailAddress): string => (name ? `${name} <${address}>` : address);

const KINDS = ['to', 'cc', 'bcc'] as const;
export type Written = Readonly<Partial<Record<(typeof KINDS)[number], string | undefined>>>;

/** Whom an answer goes to, to be changed. What it stood at goes along, so that only a change is said. */
export const Receivers: FC<{ reader: Reader; own: string; recipients: Recipients; written?: Written | undefined }> = ({ reader, own, recipients, written }) => (
  <>
    {KINDS.map((kind) => {
      const usual = recipients[kind].map(({ address }) => address).join(', ');
      return (
        <>
          <label for={`${own}-${kind}`}>{reader.say(`mail.${kind}`)}</label>
          <span><input class="in" id={`${own}-${kind}`} name={kind} value={written?.[kind] ?? usual} autocomplete="off" /><Hidden name={`${kind}-was`} value={usual} /></span>
        </>
      );
    })}
  </>
);

/** When it is to leave; empty: when the time for undoing is over. */
export const SendAt: FC<{ reader: Reader; own: string; at: string }> = ({ reader, own, at }) => (
  <>
    <label for={`${own}-at`}>{reader.say('option.until')}</label>
    <span><input class="in" id={`${own}-at`} name={ARG.at} value={at} placeholder={reader.say('composer.at')} autocomplete="off" /><Hidden name={`${ARG.at}-was`} value="" /></span>
  </>
);
