// What the site keeps of its readers' progress: a tick beside each page whose step was done.
addEventListener("vivarium-step", ({ detail }) => {
  if (detail.kind === "done") document.querySelector("nav [aria-current]").classList.add("done");
});
