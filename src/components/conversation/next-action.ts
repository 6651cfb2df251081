/** The one thing offered when an answer did not end well. */
export type NextAction =
  | { kind: 'open-settings'; label: 'Open settings' }
  | { kind: 'choose-model'; label: 'Choose another model' }
  | { kind: 'edit-message'; label: 'Edit the message' }
  | { kind: 'send-again'; label: 'Send again' | 'Try again' };

const openSettings = { kind: 'open-settings', label: 'Open settings' } as const;
const chooseModel = { kind: 'choose-model', label: 'Choose another model' } as const;
const editMessage = { kind: 'edit-message', label: 'Edit the message' } as const;

const actions: Record<string, NextAction> = {
  provider_unauthorized: openSettings,
  provider_not_configured: openSettings,
  provider_unreachable: openSettings,
  provider_garbage: openSettings,
  budget_exceeded: openSettings,
  provider_no_credit: chooseModel,
  provider_refused: chooseModel,
  provider_context_full: chooseModel,
  model_not_found: chooseModel,
  loop_detected: editMessage,
  offline_builder_failed: editMessage,
  provider_rate_limited: { kind: 'send-again', label: 'Try again' },
  provider_unavailable: { kind: 'send-again', label: 'Try again' },
};

/** An unknown code gets what always makes sense: the same message once more. */
export function nextActionFor(code: string): NextAction {
  return actions[code] ?? { kind: 'send-again', label: 'Send again' };
}
