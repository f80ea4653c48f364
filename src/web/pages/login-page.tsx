import type { FC } from 'hono/jsx';
import { LOCALES, type Locale } from '../../core/model.js';
import { assetUrl } from '../assets.js';
import { Layout } from '../parts/layout.js';
import { Mark } from '../parts/icon.js';
import type { Reader } from '../reader.js';

interface LoginPageProps {
  readonly reader: Reader;
  readonly deskName: string;
  readonly sample: boolean;
  readonly csrf: string;
  readonly email: string;
  readonly next: string;
  readonly problem: string | undefined;
}

export const LoginPage: FC<LoginPageProps> = ({ reader, deskName, sample, csrf, email, next, problem }) => (
  <Layout reader={reader} title={reader.say('login.heading')} bodyClass="login">
    <Board />
    <main aria-labelledby="h">
      <div class="login__box">
        <p class="brand"><Mark /><span><b>Goniec</b><small>{deskName}</small></span></p>
        <h1 id="h">{reader.say('login.heading')}</h1>
        {problem && <p class="bar-say bar-say--danger" role="alert" id="problem">{problem}</p>}
        <form class="form" method="post" action="/login">
          <input type="hidden" name="_csrf" value={csrf} />
          <input type="hidden" name="next" value={next} />
          <div class="field"><label for="mail">{reader.say('login.email')}</label><input class="in" id="mail" name="email" type="email" autocomplete="username" required value={email} aria-describedby={problem ? 'problem' : undefined} /></div>
          <div class="field"><label for="pw">{reader.say('login.password')}</label><input class="in" id="pw" name="password" type="password" autocomplete="current-password" required aria-describedby={problem ? 'problem' : undefined} /></div>
          <label class="choice"><input type="checkbox" name="remember" value="yes" /> {reader.say('login.keep')}</label>
          <button class="btn btn--primary" type="submit">{reader.say('login.submit')}</button>
        </form>
        <div class="login__foot">
          <nav class="lang" aria-label={reader.say('login.language')}>{LOCALES.map((locale) => <LanguageLink reader={reader} locale={locale} />)}</nav>
          {sample && <p class="sample">{reader.say('desk.sample-data')}</p>}
        </div>
      </div>
    </main>
  </Layout>
);

const LanguageLink: FC<{ reader: Reader; locale: Locale }> = ({ reader, locale }) => (
  <a href={`/login?lang=${locale}`} lang={locale} aria-current={reader.locale === locale ? 'true' : undefined}>{reader.say(`language.${locale}`)}</a>
);

const SQUARES = 6;
const SIZE = 48;

/** The diagonal from the customer's mail to the team's chat. */
const Board: FC = () => (
  <div class="login__art" aria-hidden="true">
    <svg viewBox="0 0 288 288" focusable="false">
      {Array.from({ length: SQUARES * SQUARES }, (_, index) => {
        const column = index % SQUARES;
        const row = Math.floor(index / SQUARES);
        const tint = column + row === SQUARES - 1 ? 'b2' : (column + row) % 2 === 0 ? 'b1' : 'b0';
        return <rect class={tint} x={column * SIZE} y={row * SIZE} width={SIZE} height={SIZE} />;
      })}
      <path class="path" d="M42 246L246 42" />
      <rect class="b2" x="4" y="244" width="40" height="40" /><rect class="b2" x="244" y="4" width="40" height="40" />
      <g class="ic" transform="translate(8 248) scale(2)"><rect x="2" y="3.5" width="12" height="9" rx="1.5" /><path d="M2.5 4.5L8 8.8l5.5-4.3" /></g>
      <g class="ic" transform="translate(248 8) scale(2)"><path d="M2.5 3.5h11v7.5H7.5L4.5 13.5V11h-2zM5.5 6.2h5M5.5 8.3h3" /></g>
      <rect class="b2" x="98" y="146" width="44" height="44" />
      <use href={`${assetUrl('sprite.svg')}#mark`} x="97" y="144" width="46" height="46" />
    </svg>
  </div>
);
