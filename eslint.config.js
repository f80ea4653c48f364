import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Configuration comes from one place, checked and explained: src/config.ts. */
const READS_ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config.ts reads the environment; take what you need as a parameter.',
};
const IMPORTS_ENVIRONMENT = {
  selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
  message: READS_ENVIRONMENT.message,
};
/** z.coerce.boolean() takes "false" for true. */
const COERCES_BOOLEAN = {
  selector: "CallExpression[callee.property.name='boolean'][callee.object.property.name='coerce']",
  message: 'Use z.stringbool(): z.coerce.boolean() takes "false" for true.',
};

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'data/', 'node_modules/', 'src/storage/generated/', '**/*.min.js'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-restricted-syntax': ['error', READS_ENVIRONMENT, IMPORTS_ENVIRONMENT, COERCES_BOOLEAN],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // The command line talks to a terminal.
    files: ['src/cli.ts', 'src/cli/**', 'bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/config.ts', 'test/**', 'bench/**', 'chaos/**', '*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', COERCES_BOOLEAN] },
  },
  {
    files: ['test/**'],
    rules: {
      // expect(mock.method) is how it is done.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.base],
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
);
