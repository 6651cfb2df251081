import { expect, test } from 'vitest';
import { redactPayload, redactText } from '#server/queue/redact.ts';

test('secrets go by their name, at every depth; counts and flags under such names stay', () => {
  const payload = { url: 'https://x.test/a', apiKey: 'abc', nested: [{ Password: { raw: 'x' }, maxTokens: 5, hasKey: true, token: null }] };
  expect(redactPayload(JSON.stringify(payload))).toEqual({
    url: 'https://x.test/a',
    apiKey: '[hidden]',
    nested: [{ Password: '[hidden]', maxTokens: 5, hasKey: true, token: null }],
  });
});

test.each([
  'sk-or-v1-0123456789abcdef',
  'ghp_0123456789abcdefghij',
  'github_pat_0123456789abcdefghijkl',
  'AKIAIOSFODNN7EXAMPLE',
  'xoxb-123456789012-abcdef',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
])('%s goes by its shape, wherever it stands', (secret) => {
  const shown = JSON.stringify(redactPayload(JSON.stringify({ note: `before ${secret} after`, list: [secret] })));
  expect(shown).toBe(JSON.stringify({ note: 'before [hidden] after', list: ['[hidden]'] }));
});

test('what an address or a header carries goes, the rest of it stays', () => {
  expect(redactText('https://ada:pa55@host.test/x?token=abc&page=2')).toBe('https://ada:[hidden]@host.test/x?token=[hidden]&page=2');
  expect(redactText('Authorization: Bearer abcdefghijkl')).toBe('Authorization: [hidden]');
});

test('text that is not JSON is shown as text, and deep structures end', () => {
  expect(redactPayload('{broken sk-0123456789')).toBe('{broken [hidden]');
  const deep = JSON.stringify(redactPayload('['.repeat(500) + '"sk-0123456789"' + ']'.repeat(500)));
  expect(deep).toContain('[hidden]');
  expect(deep).not.toContain('sk-');
});
