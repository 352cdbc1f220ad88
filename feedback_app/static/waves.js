// Comforts of the wave pages; every page works without them.
(function () {
  "use strict";

  function later(act, milliseconds) {
    var timer = 0;
    return function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(act, milliseconds);
    };
  }

  // Recipients: the counts follow what is ticked.
  var counting = document.querySelector("form[data-count]");
  if (counting) {
    var asked = 0;
    counting.addEventListener("input", later(function () {
      var mine = ++asked;
      fetch(counting.dataset.count, { method: "POST", body: new FormData(counting) })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
        .then(function (text) {
          if (mine === asked) { document.getElementById("counts").innerHTML = text; }
        })
        .catch(function () { /* the Count button remains */ });
    }, 250));
  }

  // Segments: no more than three can be ticked.
  document.querySelectorAll("fieldset[data-most]").forEach(function (group) {
    var boxes = Array.from(group.querySelectorAll("input[type=checkbox]"));
    function limit() {
      var isFull = boxes.filter(function (box) { return box.checked; }).length >= Number(group.dataset.most);
      boxes.forEach(function (box) { box.disabled = isFull && !box.checked; });
    }
    group.addEventListener("change", limit);
    limit();
  });

  // Texts: the preview follows the typing. A fresh frame each time keeps the way back clean.
  function preview(button) {
    var form = button.form;
    var old = document.getElementById(button.dataset.preview);
    var fresh = old.cloneNode(false);
    fresh.removeAttribute("src");
    old.replaceWith(fresh);
    var target = form.getAttribute("target");
    var action = form.getAttribute("action");
    form.action = button.formAction;
    form.target = fresh.name;
    HTMLFormElement.prototype.submit.call(form);
    if (action === null) { form.removeAttribute("action"); } else { form.setAttribute("action", action); }
    if (target === null) { form.removeAttribute("target"); } else { form.setAttribute("target", target); }
  }
  document.querySelectorAll("button[data-preview]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      preview(button);
    });
    var section = button.closest("section");
    section.addEventListener("input", later(function () { preview(button); }, 700));
  });

  // Progress: newer numbers without a reload; the whole page when the state changed.
  var progress = document.getElementById("progress");
  function refresh() {
    fetch(window.location.href)
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("progress");
        if (!fresh || fresh.dataset.state !== progress.dataset.state) {
          window.location.reload();
          return;
        }
        progress.replaceWith(fresh);
        progress = fresh;
        wait();
      })
      .catch(wait);
  }
  function wait() {
    if (progress.dataset.refresh) {
      window.setTimeout(refresh, Number(progress.dataset.refresh) * 1000);
    }
  }
  if (progress) { wait(); }
})();
