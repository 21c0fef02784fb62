// One moment at a time: a cursor in every chart of a pool or link, and the numbers of the chart pointed at.
"use strict";
(() => {
  const hover = JSON.parse(document.getElementById("hover").textContent);
  const tip = document.getElementById("tip");
  const charts = [...document.querySelectorAll(".chart[data-pool]")];
  const poolOf = (chart) => Number(chart.dataset.pool);

  const nearest = (places, x) => {
    let low = 0;
    let high = places.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle] < x) low = middle + 1;
      else high = middle;
    }
    return low > 0 && x - places[low - 1] < places[low] - x ? low - 1 : low;
  };

  const show = (chart, index, left, top) => {
    const pool = hover[poolOf(chart)];
    for (const each of charts) {
      const cursor = each.querySelector(".cursor");
      if (poolOf(each) !== poolOf(chart)) continue;
      cursor.setAttribute("transform", `translate(${pool.places[index]})`);
      cursor.setAttribute("visibility", "visible");
    }
    const { why, ...numbers } = pool.figures[chart.dataset.policy];
    tip.replaceChildren();
    const line = (text, name) => {
      const paragraph = tip.appendChild(document.createElement("p"));
      paragraph.textContent = text;
      if (name) paragraph.className = name;
    };
    line(pool.times[index]);
    for (const [name, values] of Object.entries(numbers)) {
      if (values[index] !== null) line(`${name} ${values[index].toLocaleString("en")}${pool.unit}`);
    }
    if (why && why.texts[why.at[index]]) line(why.texts[why.at[index]], "why");
    tip.hidden = false;
    const room = document.documentElement.clientWidth - tip.offsetWidth - 16;
    tip.style.left = `${Math.max(8, Math.min(left + 16, room))}px`;
    tip.style.top = `${Math.max(8, Math.min(top + 16, window.innerHeight - tip.offsetHeight - 8))}px`;
    chart.dataset.index = index;
  };

  const hide = () => {
    tip.hidden = true;
    for (const chart of charts) chart.querySelector(".cursor").setAttribute("visibility", "hidden");
  };

  for (const chart of charts) {
    const places = hover[poolOf(chart)].places;
    chart.addEventListener("pointermove", (event) => {
      const box = chart.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * 1000;
      show(chart, nearest(places, x), event.clientX, event.clientY);
    });
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const before = Number(chart.dataset.index ?? 0);
      const index = Math.max(0, Math.min(places.length - 1, before + step));
      const box = chart.getBoundingClientRect();
      show(chart, index, box.left + (places[index] / 1000) * box.width, box.top);
    });
  }
  window.addEventListener("beforeprint", () => {
    for (const region of document.querySelectorAll("details.region")) region.open = true;
  });
})();
