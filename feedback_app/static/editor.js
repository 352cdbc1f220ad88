// The editor's comforts; without them arrows move questions and a button refreshes the preview.
(function () {
  "use strict";

  // A question is dragged by its handle, with mouse, pen or finger; letting go stores the order.
  var list = document.querySelector("[data-sortable]");
  if (list) {
    document.documentElement.classList.add("has-drag");
    var dragged = null;
    var before = "";
    function order() {
      return Array.from(list.children, function (item) { return item.dataset.code; }).join(" ");
    }
    list.addEventListener("pointerdown", function (event) {
      var handle = event.target.closest("[data-handle]");
      if (!handle || event.button !== 0) { return; }
      dragged = handle.closest("li");
      before = order();
      dragged.classList.add("is-dragged");
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    list.addEventListener("pointermove", function (event) {
      if (!dragged) { return; }
      var next = Array.from(list.children).find(function (item) {
        var box = item.getBoundingClientRect();
        return item !== dragged && event.clientY < box.top + box.height / 2;
      });
      if (next !== dragged.nextElementSibling) { list.insertBefore(dragged, next || null); }
    });
    function stop(event) {
      if (!dragged) { return; }
      dragged.classList.remove("is-dragged");
      dragged = null;
      if (event.type === "pointercancel" || order() === before) { return; }
      var form = document.getElementById(list.dataset.order);
      form.elements.order.value = order();
      form.requestSubmit();
    }
    list.addEventListener("pointerup", stop);
    list.addEventListener("pointercancel", stop);
    // Alt with an arrow moves the question that holds the focus.
    list.addEventListener("keydown", function (event) {
      var act = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      var item = event.altKey && act && event.target.closest("li");
      var button = item && item.querySelector('[name="move"][value^="' + act + ':"]');
      if (button && !button.disabled) {
        event.preventDefault();
        button.click();
      }
    });
  }

  // What is typed shows in the preview a moment later.
  var form = document.querySelector("form[data-live]");
  var refresh = form && form.querySelector("[data-refresh]");
  if (refresh) {
    form.classList.add("is-live");
    var timer = 0;
    function show() {
      form.requestSubmit(refresh);
      delete form.dataset.sent; // saving right after is no second click
    }
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(show, 500);
    });
    form.addEventListener("submit", function (event) {
      if (event.submitter !== refresh) { window.clearTimeout(timer); }
    });
  }
})();
