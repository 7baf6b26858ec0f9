// What the page's script says, in the page's language, and how it writes and compares words.
const Words = (() => {
  "use strict";
  const known = JSON.parse(document.getElementById("words").textContent);
  const language = document.documentElement.lang;
  const forms = new Intl.PluralRules(language);
  const letters = { ł: "l", ø: "o", đ: "d", ð: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i" };

  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const write = (value) => (typeof value === "number" ? number(value) : value);
  // A sentence whose words go with a number is kept in every form that the language has.
  const say = (name, values = {}, count = 0) => {
    const text = typeof known[name] === "string" ? known[name] : known[name][forms.select(count)] ?? known[name].other;
    return text.replace(/\{(\w+)\}/g, (place, key) => (key in values ? write(values[key]) : place));
  };

  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[łøđðßæœı]/g, (letter) => letters[letter]).replace(/\s+/g, " ");
  const split = (text) => fold(text).split(" ").filter(Boolean);

  const make = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    node.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  };
  return { language, say, fold, split, make };
})();
