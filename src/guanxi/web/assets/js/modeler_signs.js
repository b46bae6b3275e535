// The signs of the modeler's tools and parts, drawn as BPMN draws them, with the lines of our icons.
const svg = (inside) => `<svg class="ti" viewBox="0 0 24 24" aria-hidden="true">${inside}</svg>`;

export const SIGNS = {
  hand: svg('<path d="M8 13V5.5a1.5 1.5 0 0 1 3 0V12m0-.5v-7a1.5 1.5 0 0 1 3 0V12m0-6.5a1.5 1.5 0 0 1 3 0V12m0-4.5a1.5 1.5 0 0 1 3 0V16a6 6 0 0 1-6 6h-2c-2 0-3.5-1-5-3l-3.3-5a1.5 1.5 0 0 1 2.8-1.6L8 14"/>'),
  lasso: svg('<path d="M4 4h4m4 0h4m4 0v4m0 4v4m0 4h-4m-4 0H8m-4 0v-4m0-4V8"/>'),
  space: svg('<path d="M12 4v16M3 12h6m-3-3-3 3 3 3m15-3h-6m3-3 3 3-3 3"/>'),
  connect: svg('<path d="M4 20 19 5m-7 0h7v7"/>'),
  remove: svg('<path d="M4 7h16M10 11v6m4-6v6M5 7l1 12a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2l1-12M9 7V4h6v3"/>'),
  start: svg('<circle cx="12" cy="12" r="8"/>'),
  end: svg('<circle cx="12" cy="12" r="7.5" stroke-width="3"/>'),
  task: svg('<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><circle cx="8" cy="10" r="1.7"/><path d="M5 15.5a3 3 0 0 1 6 0"/>'),
  table: svg('<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="M6 9h9v6H6zM6 11.5h9M9 9v6"/>'),
  exclusive: svg('<path d="M12 2.5 21.5 12 12 21.5 2.5 12zM9.5 9.5l5 5m0-5-5 5"/>'),
  parallel: svg('<path d="M12 2.5 21.5 12 12 21.5 2.5 12zM12 8v8m-4-4h8"/>'),
  inclusive: svg('<path d="M12 2.5 21.5 12 12 21.5 2.5 12z"/><circle cx="12" cy="12" r="3.7"/>'),
  timer: svg('<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="6.3"/><path d="M12 8.5V12l2.3 1.5"/>'),
};
