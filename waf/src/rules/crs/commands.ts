/** Rules about files, commands and code that would run on the server. */
export const commandRules = `
930100 critical/1 Encoded forms of ../ that climb out of the folder.
930110 critical/1 The plain forms ../ and ..\\ that climb out of the folder.
930120 critical/1 Names of well-known files of the operating system, such as /etc/passwd.
930121 4:critical/2 Names of well-known files of the operating system in User-Agent or Referer.
930130 critical/1 Paths that should never be served, such as .git, .env or .htaccess.
930140 4:critical/1 Files that AI coding tools leave in a project and that should never be served.
931100 critical/1 An argument that is a URL with a bare IP address.
931110 critical/1 A URL in an argument known from vulnerable software that includes remote files.
931120 critical/1 An argument that is a URL and ends in a question mark, which cuts off what the server appends.
931130 critical/2 An argument that is a URL to another host than this one.
931131 4:critical/2 A URL to another host inside the path.
932100 3.3:critical/1 A separator such as ; or | followed by a Unix command.
932105 3.3:critical/1 A separator followed by a Unix command of a second list.
932106 3.3:critical/3 A separator followed by short or common Unix commands, where the site is strict.
932110 3.3:critical/1 A separator followed by a Windows command, first list of version 3.3.
932115 3.3:critical/1 A separator followed by a Windows command, second list of version 3.3.
932120 critical/1 Names of PowerShell commands.
932125 4:critical/1 A separator followed by a short name of a PowerShell command.
932130 critical/1 Shell substitutions such as $(…), \${…} or <(…).
932131 4:critical/2 Shell substitutions in User-Agent or Referer.
932140 critical/1 The commands FOR and IF of the Windows command line.
932150 3.3:critical/1 A value that is a Unix command by itself.
932160 critical/1 Paths and phrases of Unix shells, such as /bin/sh or dev/tcp.
932161 4:critical/2 Paths and phrases of Unix shells in User-Agent or Referer.
932170 critical/1 The Shellshock prefix () { in a request header.
932171 critical/1 The Shellshock prefix () { in arguments or file names.
932175 4:critical/1 The definition of a shell alias.
932180 critical/1 An upload named like a file that configures the server, such as .htaccess.
932190 critical/3 Wildcards in place of letters, such as /b?n/c?t.
932200 critical/2 Quotes, wildcards, backslashes or variables inside a path, which a shell removes.
932205 4:critical/2 Quotes, wildcards, backslashes or variables in the query of a Referer.
932206 4:critical/2 Quotes, wildcards, backslashes or variables in a Referer that is no proper URL.
932207 4:critical/2 Quotes, wildcards, backslashes or variables behind the # of a Referer.
932210 4:critical/2 Dot commands of the SQLite shell after a semicolon.
932220 4:critical/2 A pipe followed by a Unix command.
932230 4:critical/1 A separator followed by a Unix command of two or three letters.
932231 4:critical/2 A separator followed by the single dot with which a shell runs a file.
932232 4:critical/3 A separator followed by Unix commands that are also ordinary words, where the site is strict.
932235 4:critical/1 A separator followed by a Unix command of four letters or more.
932236 4:critical/2 A Unix command of any length, with a separator before it or at the start of a value.
932237 4:critical/3 Unix commands in User-Agent or Referer, of the list for strict sites.
932238 4:critical/3 Unix commands of the list for strict sites, with or without a separator.
932239 4:critical/2 A Unix command of any length in User-Agent or Referer.
932240 4:critical/2 A word torn apart by quotes, empty variables or brackets that a shell puts together again.
932250 4:critical/1 A value that is a short Unix command with arguments.
932260 4:critical/1 A value that is a Unix command of four letters or more with arguments.
932270 4:critical/1 The shell's ~+ and ~-, the current and the last folder.
932271 4:critical/2 The shell's ~ followed by a digit, an entry of its list of folders.
932280 4:critical/1 Brace lists such as {cat,/etc/passwd}, which a shell makes a command of.
932281 4:critical/2 Brace lists, in a wider form.
932290 4:critical/3 A quoted piece glued to a word, which a shell puts together.
932300 4:critical/2 Commands of SMTP after a line break.
932301 4:critical/3 SMTP commands without arguments after a line break, where the site is strict.
932310 4:critical/2 Commands of IMAP after a line break.
932311 4:critical/3 IMAP commands without arguments after a line break, where the site is strict.
932320 4:critical/2 Commands of POP3 after a line break.
932321 4:critical/3 POP3 commands without arguments after a line break, where the site is strict.
932330 4:critical/1 The shell's !- and a digit: repeat an earlier command.
932331 4:critical/3 The shell's !! or ! and a digit, in a wider form.
932340 4:critical/1 A value that is one Unix command and nothing else.
932350 4:critical/3 A value that is one Unix command and nothing else, of a longer list.
932370 4:critical/1 A separator followed by a Windows command.
932371 4:critical/2 A separator followed by the Windows commands at or time, which are also words.
932380 4:critical/1 A separator followed by a Windows command of a second list.
932390 4:critical/2 A shell function that starts itself twice until the machine is full.
933100 critical/1 The opening tag of PHP.
933110 critical/1 An upload whose name ends in an extension that PHP runs.
933111 critical/3 An upload with an extension that PHP runs anywhere in its name.
933120 critical/1 The name of a PHP setting followed by an equals sign.
933130 critical/1 PHP's predefined variables, such as $_GET or $_SERVER.
933131 critical/3 Names that PHP's predefined variables hold, such as HTTP_USER_AGENT.
933135 4:critical/1 The form \${…}, through which PHP reads a variable.
933140 critical/1 PHP's own streams, such as php://input.
933150 critical/1 Names of PHP functions that are dangerous and not words of a language.
933151 critical/2 Names of PHP functions of medium risk, followed by a bracket.
933152 4:critical/2 Names of PHP functions of medium risk, second part of the list.
933153 4:critical/2 Names of PHP functions of medium risk, third part of the list.
933160 critical/1 A call of a PHP function that is dangerous, and whose name is also a word.
933161 critical/3 A call of a PHP function whose name is short and common, where the site is strict.
933170 critical/1 A serialised PHP object, which may run code when it is read.
933180 critical/1 A call of a PHP function through a variable.
933190 critical/3 The closing tag of PHP.
933200 critical/1 Stream wrappers of PHP that open archives or run programs, such as phar:// or expect://.
933210 critical/1 A call of a PHP function through a string or brackets, which hides its name.
933211 4:critical/3 A call of a PHP function through a string or brackets, also without the final semicolon.
933220 4:critical/1 An upload named like a PHP session file.
934100 critical/1 Node.js code that loads modules, runs programs or unpacks functions.
934101 4:critical/2 Node.js code of a second, wider list.
934110 4:critical/1 Addresses at which cloud machines tell their secrets, as URLs.
934120 4:critical/2 A URL whose host is an IP address, also in its unusual spellings.
934130 4:critical/1 __proto__ or constructor.prototype, through which JavaScript objects are altered.
934140 4:critical/2 Perl code that dereferences an array.
934150 4:critical/1 Ruby code that starts a program.
934160 4:critical/1 An endless loop in JavaScript.
934170 4:critical/1 A data: URL that carries content by itself.
934180 4:critical/2 Template tags such as {% … %} or <%= … %>.
934190 4:critical/1 Names of this machine or of inner hosts given without a scheme.
934200 4:critical/1 Template expressions that call functions or reach into internals.
934210 4:critical/3 Names of arguments that end in a lookup of an ORM, such as __startswith.
934220 4:critical/2 Names of arguments that walk over relations and end in a lookup of an ORM.
944100 critical/1 The Java classes that start programs.
944110 critical/1 The Java classes that start programs, together with a way to reach them.
944120 critical/1 Classes with which Java deserialisation is turned into code, together with a way to start programs.
944130 critical/1 Names of Java classes that attacks use.
944140 4:critical/1 An upload whose name ends in an extension that Java servers run.
944150 4:critical/1 The lookup \${jndi:…} of Log4Shell, also in disguise.
944151 4:critical/2 Lookups of Log4j in a wider form.
944152 4:critical/4 Any \${…} or $( that Log4j might look up.
944200 critical/2 The first bytes of a serialised Java object.
944210 critical/2 The first bytes of a serialised Java object, in base64.
944240 critical/2 Classes with which Java deserialisation is turned into code.
944250 critical/2 Names of the java packages followed by runtime or processbuilder.
944260 4:critical/2 Properties of a class loader, such as class.module.classLoader.
944300 critical/3 Names of dangerous Java classes in base64.
`;
