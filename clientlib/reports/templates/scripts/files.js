// Files made in the page: names that every system takes, and how they are handed over.
const Files = (() => {
  "use strict";
  const LONGEST = 80;
  const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

  // Letters and digits of any script stay; path parts, marks of direction and signs become dashes.
  const name = (caption, ending) => {
    const words = caption.normalize("NFKC").toLowerCase().normalize("NFC").replace(/[^\p{L}\p{M}\p{Nd}]+/gu, "-");
    const cut = [...words.replace(/^[-\p{M}]+/u, "")].slice(0, LONGEST - ending.length - 1).join("").replace(/-+$/, "");
    const stem = !cut || RESERVED.test(cut) ? ["table", cut].filter(Boolean).join("-") : cut;
    return `${stem}.${ending}`;
  };

  const hand = (fileName, content, type) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = Words.make("a", "", { href: address, download: fileName });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  return { name, hand };
})();
