/** Rules about the sums of the scores and about what the answer gives away. */
export const answerRules = `
949100 3.3:critical/- A client that was marked as bad in this very session.
949110 4:-/- 3.3:critical/- The sum of the inbound scores, against its threshold.
949111 4:-/- The sum of the inbound scores already after the headers, against its threshold.
950100 error/2 An answer with a status of 500 or above.
950130 error/1 A listing of a folder in the answer.
950140 error/1 The source of a script in the answer.
950150 4:error/1 An exception of ASP.NET in the answer.
951110 critical/1 Error messages of Microsoft Access in the answer.
951120 critical/1 Error messages of Oracle in the answer.
951130 critical/1 Error messages of DB2 in the answer.
951140 critical/1 Error messages of EMC in the answer.
951150 critical/1 Error messages of Firebird in the answer.
951160 critical/1 Error messages of FrontBase in the answer.
951170 critical/1 Error messages of HSQLDB in the answer.
951180 critical/1 Error messages of Informix in the answer.
951190 critical/1 Error messages of Ingres in the answer.
951200 critical/1 Error messages of InterBase in the answer.
951210 critical/1 Error messages of MaxDB in the answer.
951220 critical/1 Error messages of SQL Server in the answer.
951230 critical/1 Error messages of MySQL in the answer.
951240 critical/1 Error messages of PostgreSQL in the answer.
951250 critical/1 Error messages of SQLite in the answer.
951260 critical/1 Error messages of Sybase in the answer.
952100 error/1 Java source in the answer.
952110 error/1 Java exceptions in the answer.
953100 error/1 Error messages of PHP in the answer.
953101 4:error/2 Error messages of PHP that are also ordinary words, in the answer.
953110 error/1 Calls of PHP functions in the answer, where a page should be.
953120 error/1 The opening tag of PHP in the answer.
954100 error/1 Where IIS is installed, told by the answer.
954101 4:error/2 Folders of Windows that tell where IIS is installed, in the answer.
954110 error/1 Messages of IIS that the application is not available.
954120 error/1 Error messages of IIS in the answer.
954130 error/1 An error page of IIS with its details.
955100 4:critical/1 Phrases of known PHP web shells in the answer.
955110 4:critical/1 The page of the web shell r57.
955120 4:critical/1 The page of the web shell WSO.
955130 4:critical/1 The page of the web shell b4tm4n.
955140 4:critical/1 The page of the web shell Mini Shell.
955150 4:critical/1 The page of the web shell Ashiyane.
955160 4:critical/1 The page of the web shell Symlink_Sa.
955170 4:critical/1 The page of the web shell CasuS.
955180 4:critical/1 The page of the web shell GRP.
955190 4:critical/1 The page of the web shell NGHshell.
955200 4:critical/1 The page of the web shell SimAttacker.
955210 4:critical/1 The page of a web shell without a name.
955220 4:critical/1 The page of the web shell lama's'hell.
955230 4:critical/1 The page of the web shell lostDC.
955240 4:critical/1 The page of a second web shell without a name.
955250 4:critical/1 The page of a third web shell without a name.
955260 4:critical/1 The page of the web shell Ru24PostWebShell.
955270 4:critical/1 The page of the web shell s72.
955280 4:critical/1 The page of the web shell PhpSpy.
955290 4:critical/1 The page of the web shell g00nshell.
955300 4:critical/1 The page of the web shell PuNkHoLic.
955310 4:critical/1 The page of the web shell azrail.
955320 4:critical/1 The page of the web shell SmEvK_PaThAn.
955330 4:critical/1 The page of the web shell Shell I.
955340 4:critical/1 The page of the web shell b374k m1n1.
955350 4:critical/2 The page of the file manager webadmin.php.
955400 4:critical/1 Phrases of known ASP web shells in the answer.
956100 4:error/1 Error messages of Ruby in the answer.
956110 4:error/2 Ruby source in the answer.
959100 -/- The sum of the outbound scores, against its threshold.
959101 4:-/- The sum of the outbound scores already after the headers, against its threshold.
980100 3.3:emergency/- An attack that came in and a leak that went out, in one transaction.
980110 3.3:alert/- An attack that came in and an error of the application, in one transaction.
980120 3.3:-/- A report of the inbound scores below the threshold.
980130 3.3:-/- A report of the inbound scores above the threshold.
980140 3.3:-/- A report of the outbound scores above the threshold.
980150 3.3:-/- A report of the outbound scores below the threshold.
980170 4:-/- A report of all scores of the transaction.
`;
