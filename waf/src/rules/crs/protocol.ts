/** Rules about clients, methods, protocol and multipart bodies; how a line reads is said in crs-rule.ts. */
export const protocolRules = `
901001 critical/- A rule set that was loaded without its configuration file, so none of its limits is set.
901340 4:-/- 3.3:-/1 Bodies whose type the engine would not parse; the rule has them inspected all the same, and scores nothing.
901350 -/- Bodies whose type the engine does not know, read as a form all the same; it scores nothing.
901450 -/- Requests that are let through unseen because only a sample of the traffic is inspected.
901500 -/- A detection paranoia level set below the blocking one, which cannot work.
910000 3.3:critical/1 A client address that earned a bad reputation by earlier attacks on this site.
910100 3.3:critical/1 A client address from one of the countries that the site lists as a risk.
910150 3.3:critical/1 A search engine's address that the HTTP blacklist names.
910160 3.3:critical/1 The address of a comment spammer that the HTTP blacklist names.
910170 3.3:critical/1 An address that the HTTP blacklist names as suspicious.
910180 3.3:critical/1 The address of a mail address harvester that the HTTP blacklist names.
911100 critical/1 A request method that the site does not allow.
912120 3.3:-/1 A client that is shut out for a while because it sent too many requests.
912170 3.3:-/1 A client that sent bursts of requests, more than the site accepts.
912171 3.3:-/2 A client that sent a single burst of requests, where the site is strict.
913100 critical/1 A User-Agent that vulnerability scanners send.
913101 3.3:critical/2 A User-Agent of scripting languages and generic HTTP clients.
913102 3.3:critical/2 A User-Agent of crawlers and bots.
913110 3.3:critical/1 Request headers that only vulnerability scanners send.
913120 3.3:critical/1 Paths and arguments that vulnerability scanners try.
920100 warning/1 A request line that does not have the form that HTTP prescribes.
920120 critical/1 Quotes, semicolons or equals signs in the name of an uploaded file, which parsers read differently.
920121 critical/2 Quotes, semicolons or equals signs in the name of an uploaded file, without the exceptions for accents.
920160 critical/1 A Content-Length that is not a number.
920170 critical/1 GET or HEAD with a body.
920171 critical/1 GET or HEAD with Transfer-Encoding, which announces a body.
920180 warning/1 POST that says neither how long its body is nor that it comes in chunks.
920181 warning/1 Content-Length together with Transfer-Encoding: the two ends may disagree on where the body ends.
920190 warning/1 A Range whose end lies before its start.
920200 warning/2 A Range with six parts or more, which costs the server dearly.
920201 warning/2 A Range with very many parts for a PDF, for which some parts are normal.
920202 warning/4 A Range with six parts or more for a PDF.
920210 warning/1 A Connection header that says both keep-alive and close, or either twice.
920220 4:critical/1 3.3:warning/1 Percent signs in the path that no two hexadecimal digits follow.
920221 4:critical/1 Percent signs in the last part of the path that no two hexadecimal digits follow.
920230 warning/2 Values that are still percent-encoded after they were decoded once.
920240 4:warning/2 3.3:warning/1 A form body with percent signs that no two hexadecimal digits follow.
920250 warning/1 Bytes that are not valid UTF-8.
920260 warning/1 Full-width or half-width Unicode characters written as %uFFxx, which servers may fold to plain ones.
920270 critical/1 A NUL byte anywhere in the request.
920271 critical/2 Characters that cannot be printed.
920272 critical/3 Bytes outside printable ASCII, accents included.
920273 critical/4 Anything but letters, digits and the commonest punctuation in arguments and body.
920274 critical/4 Anything but the commonest characters in request headers.
920275 critical/4 Client hint headers that should say yes or no and say something else.
920280 4:critical/1 3.3:warning/1 No Host header.
920290 4:critical/1 3.3:warning/1 An empty Host header.
920300 4:notice/3 3.3:notice/2 No Accept header, which browsers always send.
920310 notice/1 An empty Accept header from a client that does not look like an app.
920311 notice/1 An empty Accept header without any User-Agent.
920320 notice/2 No User-Agent header.
920330 notice/1 An empty User-Agent header.
920340 4:critical/1 3.3:notice/1 A body without a Content-Type.
920341 critical/2 A body without a Content-Type, whatever the method and protocol.
920350 warning/1 A Host header with a bare IP address instead of a name.
920360 critical/1 An argument whose name is longer than the site allows.
920370 critical/1 An argument whose value is longer than the site allows.
920380 critical/1 More arguments than the site allows.
920390 critical/1 Arguments that are together longer than the site allows.
920400 critical/1 An uploaded file larger than the site allows.
920410 critical/1 Uploaded files that are together larger than the site allows.
920420 critical/1 A Content-Type that the site does not allow.
920430 critical/1 An HTTP version that the site does not allow.
920440 critical/1 A file extension in the path that the site does not serve, such as .bak or .sql.
920450 critical/1 A request header that the site forbids.
920451 4:critical/2 A request header that the site forbids where it is strict.
920460 critical/4 Backslashes before characters that need none, a way round word lists.
920470 critical/1 A Content-Type that is not written as HTTP prescribes.
920480 critical/1 A charset in Content-Type that the site does not allow.
920490 critical/3 The header x-up-devcap-post-charset with a User-Agent that begins with UP, which makes old servers recode the body.
920500 critical/1 The name of a backup or working file, such as one that ends in a tilde.
920510 critical/3 A Cache-Control header with directives that HTTP does not know.
920520 4:critical/1 An Accept-Encoding header longer than any browser sends.
920521 4:critical/3 An Accept-Encoding header with codings that HTTP does not know.
920530 critical/1 More than one charset in Content-Type.
920540 4:critical/1 Escapes of the form \\uXXXX, which one parser decodes and another does not.
920600 critical/1 An Accept header whose charset parameter is none that clients use.
920610 4:critical/1 A # in the request line, which clients never send.
920620 critical/1 More than one Content-Type header.
920640 4:critical/1 A body of whatever length without a Content-Type.
920650 4:critical/2 An argument _method that would change the request's method behind the firewall.
920660 4:warning/1 The header Request-Range, given up long ago and a way round rules about Range.
921110 critical/1 A second request hidden in arguments or body: a method, a path and an HTTP version.
921120 critical/1 Line breaks followed by header names that would split the response in two.
921130 critical/1 Line breaks followed by an HTTP version or HTML, which would forge a response.
921140 critical/1 Line breaks in the name or value of a request header.
921150 critical/1 Line breaks in the name of an argument.
921151 critical/2 Line breaks in the value of a query argument.
921160 critical/1 Line breaks followed by a header's name in query arguments.
921180 critical/3 The same argument given more than once, which servers put together differently.
921190 critical/1 Line breaks in the path.
921200 critical/1 Brackets and operators of an LDAP search filter.
921210 4:critical/3 Text behind the brackets of an array argument, which hides a second argument of the same name.
921220 4:critical/4 Array brackets in the name of an argument.
921230 critical/3 A Range header at all.
921240 4:critical/1 An address of the form unix:…|, which Apache's mod_proxy would follow.
921250 4:critical/1 Cookies of the old version 1, which parsers read differently.
921421 critical/1 A JSON or XML type after the first word of Content-Type, which switches some body parsers.
921422 critical/2 Any second media type after the first word of Content-Type.
922100 critical/1 A part named _charset_ in a multipart body, whose charset the site does not allow.
922110 critical/1 A part of a multipart body with a Content-Type or charset that clients do not send.
922120 critical/1 A part with Content-Transfer-Encoding, given up in 2015 and a way to hide its content.
922130 critical/1 Bytes in the name of a part's header that do not belong into one.
`;
