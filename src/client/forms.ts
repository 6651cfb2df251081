import './api-form.ts';
