// A large import is written by a worker: look again until it is done. Without script there is a link.
if (document.querySelector("[data-waiting]")) setTimeout(() => location.reload(), 2500);
