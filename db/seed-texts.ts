// What the demo's organizations have written: Acme makes garden tools, Globex advises on energy, Eve is on her own.

export type SeedPost = {
  author: string;
  daysAgo: number;
  title: string;
  body: string;
  status?: "draft" | "archived";
  comments?: { author: string; hoursLater: number; body: string }[];
};

const acme: SeedPost[] = [
  {
    author: "ada",
    daysAgo: 92,
    title: "Where we keep things from now on",
    body: `Notes, decisions and plans go here, so that nobody has to ask who has the latest version.

- **Write early.** A draft is yours alone until you publish it.
- **One subject, one post.** Answers go in the comments.
- **Archive** what is no longer true.`,
    comments: [
      { author: "bob", hoursLater: 2, body: "Finally. I will move the supplier notes over this week." },
      { author: "ada", hoursLater: 3, body: "Thank you. Leave the old folder as it is until we have both looked." },
    ],
  },
  {
    author: "bob",
    daysAgo: 90,
    title: "Supplier notes: ash handles",
    body: `Three mills answered. Prices are per hundred, delivered.

| Mill | Price | Lead time |
|---|---|---|
| Northgate | £310 | 3 weeks |
| Hollins | £285 | 6 weeks |
| Brook & Sons | £335 | 10 days |

I would stay with **Northgate** and keep Brook for emergencies.`,
    comments: [{ author: "ada", hoursLater: 5, body: "Agreed. Ask Northgate to hold the price until March." }],
  },
  {
    author: "ada",
    daysAgo: 87,
    title: "Spring catalogue: what goes in",
    body: `Twelve pages, as last year. The order:

1. Secateurs and shears
2. Spades, forks and hoes
3. The new hand rake
4. Spare parts

Photographs are booked for the second week.`,
  },
  {
    author: "bob",
    daysAgo: 85,
    title: "Returns in the last quarter",
    body: `41 returns out of 2,906 sold, which is 1.4 %. It was 2.2 % a year ago.

Most are the **folding saw**: the lock works loose. The rest is dents from the courier.`,
    comments: [
      { author: "ada", hoursLater: 20, body: "The lock is the same screw as before the change in June, isn't it?" },
      { author: "bob", hoursLater: 22, body: "Yes. I have asked for a sample with the longer thread." },
    ],
  },
  {
    author: "ada",
    daysAgo: 82,
    title: "Stand at the county show",
    body: `We have the corner by the tea tent again. Two people on each day, and a bench where visitors can sharpen their own blades.

> Last year the bench brought more orders than the leaflets.`,
  },
  {
    author: "bob",
    daysAgo: 80,
    title: "Folding saw: the longer thread works",
    body: `200 openings on the test bench and the lock has not moved. The part costs 4p more.

I suggest we change it from the next batch and send the screw free to anyone who asks.`,
    comments: [{ author: "ada", hoursLater: 1, body: "Do it. I will write the note for the shops." }],
  },
  {
    author: "ada",
    daysAgo: 77,
    title: "A note for shops about the folding saw",
    body: `*Please copy this into your own words.*

Folding saws sold before this spring can have a lock that works loose. It is not dangerous, but it is annoying. We send a new screw, free, in a letter. It takes two minutes and a small screwdriver.`,
  },
  {
    author: "bob",
    daysAgo: 75,
    title: "How we pack long handles",
    body: `Since we changed the box, none has arrived broken. For whoever packs next:

1. Sleeve over the blade
2. Handle **diagonal**, not flat
3. Paper at both ends, never bubble wrap

The box that fits is number 7.`,
  },
  {
    author: "ada",
    daysAgo: 71,
    title: "Prices from April",
    body: `Steel is up 6 %, ash 3 %, postage 4 %. We raise hand tools by 3 % and leave the spare parts alone.

The last rise was 19 months ago.`,
    comments: [
      { author: "bob", hoursLater: 4, body: "Shops need six weeks' notice. That means the letter goes out on Friday." },
    ],
  },
  {
    author: "bob",
    daysAgo: 68,
    title: "Stocktake: what did not add up",
    body: `Off by 14 pieces in 6,200, nearly all small parts.

- Springs for the number 2 secateurs: 9 missing
- Leather holsters: 5 too many, they were booked twice`,
  },
  {
    author: "ada",
    daysAgo: 64,
    title: "What customers asked in January",
    body: `58 letters and calls. The five that came up most:

1. Can the blade be sharpened at home? *(Yes, there is a leaflet.)*
2. Are there left-handed secateurs?
3. Where is the tool made?
4. How do I oil the handle?
5. Do you sell to schools?

Left-handed secateurs were asked for **eleven** times.`,
    comments: [
      { author: "bob", hoursLater: 6, body: "Eleven is a lot. The mould for the left grip would cost about £1,900." },
      { author: "ada", hoursLater: 8, body: "Let us put it on the agenda for the spring meeting." },
    ],
  },
  {
    author: "bob",
    daysAgo: 61,
    title: "Oil for handles: linseed or tung",
    body: `I treated four handles and left them outside for five weeks.

| | Linseed | Tung |
|---|---|---|
| Dry after | 3 days | 2 days |
| Colour | darker | unchanged |
| After rain | a little rough | smooth |

Tung is better and twice the price: 11p a handle more.`,
  },
  {
    author: "ada",
    daysAgo: 58,
    title: "Photographs for the catalogue are in",
    body: `All 46. The hand rake needs another one, as the tines look bent in the light.

Please choose your favourites by **Thursday** and say so below.`,
    comments: [{ author: "bob", hoursLater: 30, body: "Numbers 3, 17 and 40. In 22 one can see my van." }],
  },
  {
    author: "bob",
    daysAgo: 55,
    title: "Courier: we try another one for a month",
    body: `Collection at four instead of two, and they pay for damage without a photograph. I will count:

- parcels late
- parcels broken
- calls we had to make`,
  },
  {
    author: "ada",
    daysAgo: 52,
    title: "Spring meeting: agenda",
    body: `Tuesday, ten o'clock, in the workshop.

1. Left-handed secateurs
2. The courier, one month on
3. Who goes to the county show
4. Anything else`,
    comments: [{ author: "bob", hoursLater: 1, body: "Please add: the heating in the packing room." }],
  },
  {
    author: "ada",
    daysAgo: 49,
    title: "Spring meeting: what we decided",
    body: `- **Left-handed secateurs:** yes, 300 pieces for the autumn. Bob asks for the mould.
- **Courier:** we stay with the new one until summer.
- **County show:** Ada both days, Bob on Sunday.
- **Heating:** an engineer comes on the 14th.`,
  },
  {
    author: "bob",
    daysAgo: 45,
    title: "Left-handed secateurs: the mould is ordered",
    body: `£1,860 and seven weeks. The first pieces come by post, so that both of us can try them.

I am right-handed. *We need someone who is not.*`,
    comments: [{ author: "ada", hoursLater: 3, body: "My sister is, and she has an orchard. I will ask her." }],
  },
  {
    author: "ada",
    daysAgo: 41,
    title: "Catalogue printed",
    body: `2,500 copies came today. Every shop gets ten; schools get two and the leaflet on sharpening.`,
  },
  {
    author: "bob",
    daysAgo: 36,
    title: "One month with the new courier",
    body: `| | Before | Now |
|---|---|---|
| Late | 19 | 6 |
| Broken | 4 | 0 |
| Calls | 31 | 9 |

312 parcels before, 340 now.`,
    comments: [{ author: "ada", hoursLater: 2, body: "That settles it. Thank you for counting." }],
  },
  {
    author: "ada",
    daysAgo: 31,
    title: "Tools for schools",
    body: `Four schools wrote after the leaflet. They want small spades and a box of ten gloves.

I propose a **school set**: five spades, five hand rakes, gloves in three sizes, at cost plus 10 %.`,
  },
  {
    author: "bob",
    daysAgo: 26,
    title: "Sharpening bench for the show: parts",
    body: `- Bench, folding, 1.8 m
- Two vices
- Stones: 250, 1000 and 3000
- Oil, cloths, plasters

Everything but the vices is here.`,
  },
  {
    author: "ada",
    daysAgo: 20,
    title: "After the county show",
    body: `Two dry days, 84 blades sharpened, 61 orders. The left-handed sample was tried by 23 people, and **all but two** would buy it.

Next year we need a second bench.`,
    comments: [
      { author: "bob", hoursLater: 12, body: "And a second person who can sharpen. My arms still hurt." },
      { author: "ada", hoursLater: 13, body: "Noted. With cake." },
    ],
  },
  {
    author: "bob",
    daysAgo: 14,
    title: "Steel: a second source",
    body: `Our mill closes for repairs in August. A second one has sent samples of the same grade; hardness is within half a point.

I would order two tonnes for July and see how it grinds.`,
    comments: [
      { author: "ada", hoursLater: 7, body: "Two tonnes is fine. Please keep the batches apart on the shelf." },
    ],
  },
  {
    author: "ada",
    daysAgo: 8,
    title: "School set: the first three orders",
    body: `Two from the valley and one from the coast. Delivery with the normal parcels on Wednesday.

The gloves in the smallest size were still too big. Bob is asking for another maker.`,
  },
  {
    author: "bob",
    daysAgo: 3,
    title: "Holidays in the workshop",
    body: `Closed from the 11th to the 22nd. Orders that come in by the 8th still go out.

The telephone is answered in the mornings.`,
    comments: [{ author: "ada", hoursLater: 2, body: "I will put it on the door and in the letters." }],
  },
  {
    author: "ada",
    daysAgo: 78,
    status: "archived",
    title: "Old courier: collection times",
    body: `Monday to Friday at two. Labels before noon, please.`,
    comments: [{ author: "bob", hoursLater: 600, body: "No longer true: see the new courier." }],
  },
  {
    author: "bob",
    daysAgo: 73,
    status: "archived",
    title: "Price list until March",
    body: `Kept so that old invoices can be checked. The current one is *Prices from April*.`,
  },
  {
    author: "ada",
    daysAgo: 6,
    status: "draft",
    title: "Wages for next year",
    body: `Not yet for everybody: figures come after I have spoken to the accountant.

- Rise in line with prices
- One more day of holiday`,
  },
  {
    author: "bob",
    daysAgo: 2,
    status: "draft",
    title: "A lighter spade",
    body: `Idea: the same blade, 1.2 mm instead of 1.6, and a handle of 70 cm. Weigh it before showing anyone.`,
  },
];

const globex: SeedPost[] = [
  {
    author: "bob",
    daysAgo: 60,
    title: "How we write a report",
    body: `Four pages at most, and the first says:

1. what it costs today,
2. what to do first,
3. what that saves in a year.

Tables go to the end. **No figure without its source.**`,
    comments: [
      {
        author: "cleo",
        hoursLater: 3,
        body: "I have changed the template so that the first page has these three boxes.",
      },
    ],
  },
  {
    author: "cleo",
    daysAgo: 54,
    title: "Riverside baths: first visit",
    body: `The pool loses most of its heat at night, uncovered. The pump runs at full speed around the clock.

| | kWh a year |
|---|---|
| Heating the water | 412,000 |
| Pumps | 96,000 |
| Light | 38,000 |`,
    comments: [
      { author: "bob", hoursLater: 5, body: "A cover pays for itself in one winter here. Please ask for two quotes." },
    ],
  },
  {
    author: "bob",
    daysAgo: 47,
    title: "Heat pumps: noise at the boundary",
    body: `The council measures at the neighbour's window and wants no more than **42 dB** at night. Three of the five models we recommend stay below that at four metres.`,
  },
  {
    author: "cleo",
    daysAgo: 40,
    title: "Riverside baths: what we recommend",
    body: `1. Cover for the pool: £18,400, saves about £21,000 a year
2. Slower pump at night: £2,900, saves about £6,100
3. Lamps: next year, with the new ceiling`,
    comments: [
      { author: "bob", hoursLater: 4, body: "Clear. Put the second one first: they can do it this month." },
      { author: "cleo", hoursLater: 6, body: "Done, and sent." },
    ],
  },
  {
    author: "cleo",
    daysAgo: 29,
    title: "Tariffs: what changes in autumn",
    body: `The night rate starts an hour later. For clients with storage heaters this means *new timers*, or about 9 % more.`,
  },
  {
    author: "bob",
    daysAgo: 21,
    title: "Bakery in Mill Lane: use the oven's heat",
    body: `The flue leaves at 190 °C for eleven hours a day. An exchanger could warm the shop and all of the water.

Cleo measures next week; I ask the maker of the oven.`,
    comments: [{ author: "cleo", hoursLater: 26, body: "Measured: 14 kW on average. More than I thought." }],
  },
  {
    author: "cleo",
    daysAgo: 9,
    title: "Meters we can lend",
    body: `Six loggers, four of them calibrated until next May. Please write down here who has which.

- 1 and 2: bakery
- 3: Riverside baths
- 4 to 6: shelf`,
  },
  {
    author: "bob",
    daysAgo: 66,
    status: "archived",
    title: "Grants that have closed",
    body: `The insulation grant ended in spring. Kept because clients still ask what they could have had.`,
  },
  {
    author: "cleo",
    daysAgo: 4,
    status: "draft",
    title: "Riverside baths, one year on",
    body: `Figures to come when the December bill is in. The pump alone has saved £1,480 so far.`,
  },
  {
    author: "bob",
    daysAgo: 1,
    status: "draft",
    title: "Fees from January",
    body: `Day rate up by £20, the first visit stays free. To be spoken about with Cleo first.`,
  },
];

const eve: SeedPost[] = [
  {
    author: "eve",
    daysAgo: 12,
    title: "Things to translate this month",
    body: `- Manual for the coffee machine, 34 pages
- Two contracts
- The museum's audio guide`,
    comments: [{ author: "eve", hoursLater: 50, body: "The contracts are done." }],
  },
  {
    author: "eve",
    daysAgo: 5,
    title: "Words I always look up",
    body: `**Flansch** is a flange, **Dichtung** a seal (or poetry).`,
  },
];

export const seedTexts: Record<string, SeedPost[]> = { acme, globex, eve };
