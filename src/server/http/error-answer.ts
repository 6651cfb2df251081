import { AppError, statusCodes } from '#server/errors.ts';
import type { AppErrorCode } from '#server/errors.ts';

/** What a caller is told about something that went wrong. */
export interface ErrorAnswer {
  status: number;
  code: AppErrorCode;
  message: string;
  issues?: readonly { path: string; message: string }[] | undefined;
  retryAfterSeconds?: number | undefined;
  /** True when nobody foresaw it: it belongs in the log, with its cause. */
  unforeseen: boolean;
}

/** The JSON body of every error. */
export interface ErrorBody {
  error: Pick<ErrorAnswer, 'code' | 'message' | 'issues'> & { requestId: string };
}

const FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)$/;
/** The database's trouble rather than a statement's: worth another try. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB|ERROR|INTERRUPT)/;

/** Maps whatever was thrown to an answer that shows no internals. */
export function errorAnswer(error: unknown): ErrorAnswer {
  // By name: in development pages and host may hold two copies of the class.
  if (error instanceof Error && error.name === 'AppError') return fromAppError(error as AppError, false);
  for (const cause of causesOf(error)) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (FULL.test(code)) return fromAppError(new AppError('storage_full'), true);
    if (UNAVAILABLE.test(code) || cause.message === 'The database connection is not open') {
      return fromAppError(new AppError('database_unavailable'), true);
    }
  }
  return fromAppError(new AppError('internal_error'), true);
}

export function errorBody(answer: ErrorAnswer, requestId: string): ErrorBody {
  const { code, message, issues } = answer;
  return { error: { code, message, requestId, ...(issues ? { issues } : {}) } };
}

function fromAppError(error: AppError, unforeseen: boolean): ErrorAnswer {
  const { code, message, issues, retryAfterSeconds } = error;
  return { status: statusCodes[error.status], code, message, issues, retryAfterSeconds, unforeseen };
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause) causes.push(cause);
  return causes;
}
