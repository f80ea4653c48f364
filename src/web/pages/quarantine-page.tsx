import type { FC } from 'hono/jsx';
import type { RawMail } from '../../core/model.js';
import { Icon, Mark } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Reader } from '../reader.js';
import type { Saying } from '../parts/said.js';
import { WidePage } from './wide-page.js';

interface QuarantinePageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly mails: readonly RawMail[];
  readonly said: Saying | undefined;
  readonly mayWork: boolean;
}

/** Mail that is kept whole because it could not be read. */
export const QuarantinePage: FC<QuarantinePageProps> = ({ reader, facts, mails, said, mayWork }) => (
  <WidePage reader={reader} title={reader.say('quarantine.heading')} facts={facts} tab="more">
    <p class="lead">{reader.say('quarantine.intro')}</p>
    {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
    {mails.length === 0 && <div class="empty"><Mark /><b>{reader.say('quarantine.empty')}</b></div>}
    <ul class="held-mails">
      {mails.map((mail) => (
        <li class="held-mail">
          <Icon name="shield" />
          <div>
            <h2>{mail.subject || reader.say('mail.no-subject')}</h2>
            <p class="dim">{mail.sender || reader.say('mail.unknown-sender')} · {reader.dateTime(mail.receivedAt)} · {reader.bytes(mail.bytes)}{mail.tries > 0 && <> · {reader.say('quarantine.tries', { count: mail.tries })}</>}</p>
            {mail.outcome && <p>{reader.say('quarantine.reason', { reason: mail.outcome })}</p>}
            <div class="held-mail__acts">
              {mayWork && <form method="post" action={`/quarantine/${mail.id}/retry`}><input type="hidden" name="_csrf" value={facts.csrf} /><button class="btn btn--s" type="submit">{reader.say('button.retry')}</button></form>}
              {mail.blob && <a class="btn btn--s" href={`/quarantine/${mail.id}`}>{reader.say('web.quarantine.source')}</a>}
              {mail.blob && <a class="btn btn--s" href={`/quarantine/${mail.id}/mail.eml`} download>{reader.say('button.download')}</a>}
            </div>
          </div>
        </li>
      ))}
    </ul>
  </WidePage>
);

/** The mail as it came, as text. */
export const SourcePage: FC<{ reader: Reader; facts: NavFacts; mail: RawMail; source: string; cut: boolean }> = ({ reader, facts, mail, source, cut }) => (
  <WidePage reader={reader} title={mail.subject || reader.say('mail.no-subject')} facts={facts} tab="more">
    <p class="lead"><a href="/quarantine">{reader.say('button.back')}</a></p>
    <pre class="source" tabindex={0} role="region" aria-label={reader.say('web.quarantine.source')}>{source}</pre>
    {cut && <p class="dim">{reader.say('web.quarantine.cut')}</p>}
  </WidePage>
);
