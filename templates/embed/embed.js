// Shows a survey where this script stands: <script src="…/e/embed.js" data-survey="…" async></script>
(() => {
  "use strict";
  const me = document.currentScript, given = me.dataset, site = new URL(me.src).origin;
  const frame = document.createElement("iframe");
  const ticket = given.ticket ? `/t/${given.ticket}` : "", language = given.language ? `?lang=${given.language}` : "";
  frame.src = `${site}/e/${given.survey}${ticket}${language}`;
  frame.title = given.title || "Survey";
  frame.referrerPolicy = "origin";
  frame.style.cssText = "display:block;width:100%;height:40rem;border:0;color-scheme:light dark";
  me.after(frame);
  addEventListener("message", event => {
    const height = event.data && event.data.feedbackHeight;
    if (event.origin === site && event.source === frame.contentWindow && height > 0) frame.style.height = `${Math.ceil(height)}px`;
  });
})();
