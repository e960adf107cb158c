/** Rules about script in the browser, SQL and sessions. */
export const queryAndScriptRules = `
941100 critical/1 HTML or script that the library libinjection takes for an attack.
941101 critical/2 HTML or script that libinjection takes for an attack, in path or Referer.
941110 critical/1 A script element.
941120 critical/1 Attributes such as onerror= that run script on an event.
941130 critical/1 Attributes such as xlink:href or formaction that lead to script.
941140 critical/1 URLs that begin with javascript: and the like, in styles and attributes.
941150 critical/2 HTML attributes such as style, src or href, in whatever element.
941160 critical/1 Opening tags of dangerous elements, also with junk between the letters.
941170 critical/1 javascript: and data: URLs that carry code.
941180 critical/1 Names such as document.cookie or window.location.
941181 4:critical/2 The end of an HTML comment.
941190 critical/1 A style element that imports or computes something.
941200 critical/1 A VML frame that loads another document.
941210 critical/1 The scheme javascript: with its letters encoded or torn apart.
941220 critical/1 The scheme vbscript: with its letters encoded or torn apart.
941230 critical/1 An embed element with a source.
941240 critical/1 An import element with an implementation.
941250 critical/1 A meta element with http-equiv, which can redirect or set cookies.
941260 critical/1 A meta element that changes the charset.
941270 critical/1 A link element with an address.
941280 critical/1 A base element, which moves all relative links.
941290 critical/1 An applet element.
941300 critical/1 An object element with a type, a class or data.
941310 critical/1 Angle brackets in a seven-bit encoding that some servers fold to real ones.
941320 critical/2 Any HTML tag.
941330 critical/2 A quote followed by script that reaches for location, name or the like.
941340 critical/2 A quote followed by an assignment to a property.
941350 critical/1 Angle brackets in UTF-7.
941360 critical/1 JavaScript written with brackets, exclamation and plus signs only.
941370 critical/1 self, window, document or this with brackets, which hides what is called.
941380 critical/2 Double braces, which template engines in the browser run.
941390 4:critical/1 Calls such as eval(, alert( or fetch(.
941400 4:critical/1 A JavaScript call through a template literal, without brackets.
942100 critical/1 SQL that the library libinjection takes for an attack.
942101 4:critical/2 3.3:critical/3 SQL that libinjection takes for an attack, in the path.
942110 3.3:warning/2 A quote or semicolon at the very beginning or end of a value.
942120 critical/2 Operators that SQL has and prose rarely, such as IS NULL, <=> or ||.
942130 critical/2 A comparison that is always true, such as 1=1.
942131 4:critical/2 An inequality that is always true, such as 1!=2.
942140 critical/1 Names of system tables and databases, such as information_schema.
942150 critical/2 Names of SQL functions followed by a bracket, of a list that needs care.
942151 4:critical/1 Names of SQL functions followed by a bracket.
942152 4:critical/2 Names of SQL functions in User-Agent or Referer.
942160 critical/1 sleep( or benchmark(, by whose delay an attacker reads an answer.
942170 critical/1 SELECT or IF together with sleep or benchmark.
942180 critical/2 A quote followed by what opens a login without a password, part one.
942190 critical/1 Commands of SQL Server that run programs, and questions for its version.
942200 critical/2 Comments, commas and backticks that cut a query short in MySQL.
942210 critical/2 Chains of and, or, like and comparisons, part one.
942220 critical/1 Numbers at the limits of integers, which crash careless programs.
942230 critical/1 CASE WHEN, HAVING or IF conditions.
942240 critical/1 A change of charset in MySQL, or a delay in SQL Server.
942250 critical/1 MATCH … AGAINST, MERGE … USING or EXECUTE IMMEDIATE.
942251 critical/3 HAVING after anything but a word.
942260 critical/2 A quote followed by what opens a login without a password, part two.
942270 critical/1 UNION SELECT … FROM.
942280 critical/1 Delays of PostgreSQL and SQL Server, and commands that shut the database down.
942290 critical/1 Operators of MongoDB, such as $ne or $where, in brackets.
942300 critical/2 Conditional comments, WHEN conditions and char( of MySQL.
942310 critical/2 Chains of and, or, like and comparisons, part two.
942320 critical/1 The creation or call of stored procedures in MySQL and PostgreSQL.
942321 4:critical/2 The creation or call of stored procedures, in User-Agent or Referer.
942330 critical/2 Quotes, operators and digits as a first try for SQL injection, part one.
942340 critical/2 A quote followed by what opens a login without a password, part three.
942350 critical/1 A second statement that changes data or structure, or a function loaded into MySQL.
942360 critical/1 SELECT, UPDATE and the like directly before a function or a quote, and load_file.
942361 critical/2 ALTER or UNION at the start of a value, after signs or digits only.
942362 4:critical/2 SELECT, UPDATE and the like before a function or a quote, in a wider form.
942370 critical/2 Quotes, operators and digits as a first try for SQL injection, part two.
942380 critical/2 HAVING, EXISTS, CREATE TABLE and similar pieces of a query.
942390 critical/2 OR or XOR with a comparison.
942400 critical/2 AND with a comparison.
942410 critical/2 Names of common SQL functions followed by a bracket.
942420 warning/3 More than eight special characters in one cookie.
942421 warning/4 More than three special characters in one cookie.
942430 warning/2 More than twelve special characters in one argument.
942431 warning/3 More than six special characters in one argument.
942432 warning/4 More than two special characters in one argument.
942440 critical/2 The start of an SQL comment.
942450 critical/2 Hexadecimal or binary literals, which hide text.
942460 warning/3 Four special characters in a row.
942470 critical/2 Stored procedures and packages of SQL Server and Oracle.
942480 critical/2 Whole phrases of SQL, such as DELETE FROM or INSERT INTO.
942490 critical/3 Quotes, operators and digits as a first try for SQL injection, part three.
942500 critical/1 Comments that MySQL runs as code.
942510 critical/2 Text between backticks.
942511 critical/3 Text between single quotes.
942520 4:critical/2 A quote followed by an SQL operator such as IS NOT or LIKE.
942521 4:critical/2 An odd number of quotes followed by and or or.
942522 4:critical/2 An escaped quote followed by and or or.
942530 4:critical/3 A single quote directly before a semicolon.
942540 4:critical/1 A quote and a semicolon, which end one query and start another.
942550 4:critical/1 JSON operators and functions of SQL, a way round filters that do not know them.
942560 4:critical/1 Numbers such as 1.e(, which MySQL reads and filters do not.
943100 critical/1 Script or HTML that sets a cookie.
943110 critical/1 A session id in an argument, from a page of another host.
943120 critical/1 A session id in an argument, without a Referer.
`;
