import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import { errorAnswer } from '#server/http/error-answer.ts';
import { refusalPage, refusalPolicy } from '#server/http/refusal-page.ts';

test('the style of a refusal is the one that its policy allows', () => {
  const style = /<style>([\s\S]*)<\/style>/.exec(refusalPage(errorAnswer(new AppError('internal_error')), 'r1'))![1]!;
  expect(refusalPolicy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
});

test('a refusal says what happened and one next step', () => {
  const page = (code: 'unknown_host' | 'attachments_too_large' | 'internal_error', wasSent = false) =>
    refusalPage(errorAnswer(new AppError(code)), 'r1', wasSent);
  expect(page('attachments_too_large', true)).toContain('Go back in your browser');
  expect(page('internal_error')).toContain('href="/"');
  expect(page('unknown_host')).not.toContain('href=');
});

test('what a refusal quotes is text', () => {
  const page = refusalPage(errorAnswer(new AppError('project_not_found', { message: 'That address leads to <b>Bread</b>.' })), 'r1');
  expect(page).not.toContain('<b>');
  expect(page).toContain('<h1>That address leads to &lt;b&gt;Bread&lt;/b&gt;.</h1>');
});
