// Who may import whom: the table in ARCHITECTURE.md, as rules. `npm run imports`.

/** Rooms that only the composition root may know all of. */
const ROOMS = '^src/(core|patterns|deskfile|desk|commands|mail|doctor|bridges|storage|web)/';

/**
 * @param {string} room
 * @param {readonly string[]} allowed rooms beside itself, as regular expressions of paths
 * @param {string} comment
 */
function room(room, allowed, comment) {
  return {
    name: `${room}-imports`,
    severity: 'error',
    comment,
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: [`^src/${room}/`, ...allowed] },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', comment: 'Two files that need each other are one, or need a third.', from: {}, to: { circular: true } },
    { name: 'not-to-test', severity: 'error', comment: 'The program never needs its tests.', from: { path: '^src/' }, to: { path: '^(test|bench|scripts)/' } },
    { name: 'not-resolvable', severity: 'error', comment: 'It is not there.', from: {}, to: { couldNotResolve: true } },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      comment: 'It would be missing where Goniec runs.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core decides and does nothing: no npm package, no Node.js module, no other room.',
      from: { path: '^src/core/' },
      to: { pathNot: '^src/core/' },
    },
    room('patterns', ['^src/core/'], 'Rules match with it; it knows no more than the model.'),
    room('deskfile', ['^src/core/'], 'The desk file is read into core models.'),
    room('desk', ['^src/core/'], 'Use cases know the model and its ports; whoever implements a port is handed to them.'),
    room('commands', ['^src/core/', '^src/desk/'], 'Verbs know no platform.'),
    room('mail', ['^src/core/'], 'Mail knows the model and its own libraries.'),
    room('doctor', ['^src/core/', '^src/mail/', '^src/deskfile/'], 'Doctor looks and never changes; storage is handed to it.'),
    room('storage', ['^src/core/'], 'Stores turn rows into core models.'),
    room('web', ['^src/core/', '^src/desk/', '^src/commands/'], 'The console asks use cases, never a store.'),
    room('bridges', ['^src/core/'], 'A bridge knows the model and the bridge port, never storage or mail.'),
    {
      name: 'bridges-are-strangers',
      severity: 'error',
      comment: 'No bridge knows another. What two of them need belongs to the port.',
      from: { path: '^src/bridges/([^/]+)/' },
      to: { path: '^src/bridges/[^/]+/', pathNot: '^src/bridges/$1/' },
    },
    {
      name: 'bridges-do-not-know-the-list',
      severity: 'error',
      comment: 'bridges/index.ts knows the bridges, not the other way round.',
      from: { path: '^src/bridges/[^/]+/' },
      to: { path: '^src/bridges/index\\.ts$' },
    },
    {
      name: 'prisma-stays-in-storage',
      severity: 'error',
      comment: 'A row is a core model by the time it leaves storage.',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: '^node_modules/(@prisma|better-sqlite3|pg|graphile-worker)/' },
    },
    {
      name: 'chat-libraries-stay-in-bridges',
      severity: 'error',
      comment: 'A platform is known in its own folder only.',
      from: { path: '^src/', pathNot: '^src/bridges/' },
      to: { path: '^node_modules/(@slack|discord\\.js)/' },
    },
    {
      name: 'mail-libraries-stay-in-mail',
      severity: 'error',
      comment: 'Mail is parsed and sent in one room. The demo plays the outside world: customers and their servers.',
      from: { path: '^src/', pathNot: '^src/(mail|demo)/' },
      to: { path: '^node_modules/(imapflow|mailparser|nodemailer|smtp-server)/' },
    },
    {
      name: 'nobody-imports-the-root',
      severity: 'error',
      comment: 'main.ts and cli.ts know everything, so nothing may know them; config is handed over.',
      from: { path: ROOMS },
      to: { path: '^src/[^/]+\\.tsx?$' },
    },
    {
      name: 'no-utils',
      severity: 'error',
      comment: 'A file tells one story and has the name of that story.',
      from: {},
      to: { path: '/(utils?|helpers?|common|misc)(/|[.]tsx?$)', pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^src/storage/generated'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    moduleSystems: ['es6'],
  },
};
