// Sets light or dark before the first paint; loaded in <head> without defer on purpose.
(function () {
  var stored = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  var wanted = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var theme = stored ? stored[1] : wanted.matches ? "dark" : "light";
    document.documentElement.setAttribute("data-bs-theme", theme);
  }
  apply();
  if (!stored) wanted.addEventListener("change", apply);
})();
