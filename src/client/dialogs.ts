/** `command` and `commandfor` for browsers that do not know them yet (https://caniuse.com/wf-invoker-commands). */
if (!('command' in HTMLButtonElement.prototype)) {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[commandfor]') : null;
    const dialog = button && document.getElementById(button.getAttribute('commandfor')!);
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button!.getAttribute('command') === 'show-modal') dialog.showModal();
    else dialog.close();
  });
}

// A menu has done its work once one of its buttons opened a dialog.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[popover] button[commandfor]') : null;
  button?.closest<HTMLElement>('[popover]')?.hidePopover();
});
