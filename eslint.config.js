import astro from 'eslint-plugin-astro';
import tseslint from 'typescript-eslint';

const asyncTransaction =
  'An async callback throws in better-sqlite3 and leaves its writes outside any transaction. Make it synchronous; await before or after.';
const noShell = 'No shell anywhere: spawn(file, args) with a cleared environment.';

export default tseslint.config(
  { ignores: ['dist/', '.astro/', 'data/', 'templates/', 'tests/fixtures/', 'node_modules/'] },
  ...tseslint.configs.recommended,
  ...astro.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.property.name='transaction'] > :function[async=true]", message: asyncTransaction },
        { selector: "CallExpression[callee.property.name='transaction'] > :function AwaitExpression", message: asyncTransaction },
        {
          selector: "CallExpression[callee.object.name=/^(db|tx)$/][callee.property.name='execute']",
          message: 'db.execute does not exist on better-sqlite3: use db.all, db.get or db.run.',
        },
        { selector: "Property[key.name='shell'][value.type='Literal'][value.value!=false]", message: noShell },
        {
          selector: 'CallExpression[callee.object.name=/^(cp|childProcess|child_process)$/][callee.property.name=/^(exec|execSync)$/]',
          message: noShell,
        },
        { selector: 'CallExpression[callee.name=/^(exec|execSync)$/]', message: noShell },
        {
          selector: 'ImportDeclaration[source.value=/^(node:)?child_process$/] > ImportSpecifier[imported.name=/^(exec|execSync)$/]',
          message: noShell,
        },
      ],
    },
  },
  {
    files: ['src/server/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['astro:*'], message: 'src/server is plain Node TypeScript.' }] }],
    },
  },
);
