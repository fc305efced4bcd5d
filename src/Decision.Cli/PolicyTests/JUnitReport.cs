using System.Globalization;
using System.Xml;
using Decision.Cli.Sources;

namespace Decision.Cli.PolicyTests;

/// <summary>The outcome as JUnit XML, which CI systems show.</summary>
internal static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(PolicyTestRun run, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("testsuites");
        Counts(xml, run.Passed + run.Failed, run.Failed, run.Problems.Count);
        foreach (var suite in run.Suites)
        {
            Suite(xml, suite);
        }

        // A file that cannot be read is an error of its own, so that a report is never silently short.
        foreach (var file in run.Problems.GroupBy(static problem => problem.File, StringComparer.Ordinal))
        {
            Unreadable(xml, file.Key, [.. file]);
        }

        xml.WriteEndElement();
    }

    private static void Suite(XmlWriter xml, SuiteResult suite)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(suite.Suite.Name));
        Counts(xml, suite.Cases.Count, suite.Cases.Count(static one => !one.IsPassed), 0);
        xml.WriteAttributeString("time", Seconds(suite.Cases.Aggregate(TimeSpan.Zero, static (sum, one) => sum + one.Duration)));
        foreach (var one in suite.Cases)
        {
            Case(xml, suite.Suite.File, one.Case.Name, one.Duration);
            if (!one.IsPassed)
            {
                var first = one.Failures[0].Differences[0];
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Clean($"{first.Field}: expected {first.Expected}, got {first.Got}"));
                xml.WriteAttributeString("type", "verdict");
                xml.WriteString(Clean(string.Join('\n', one.Failures.SelectMany(failure => Lines(suite.Suite.File, failure)))));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Unreadable(XmlWriter xml, string file, IReadOnlyList<SourceProblem> problems)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(Path.GetFileName(file)));
        Counts(xml, 1, 0, 1);
        Case(xml, file, "the file can be read", TimeSpan.Zero);
        xml.WriteStartElement("error");
        xml.WriteAttributeString("message", Clean(problems[0].Message));
        xml.WriteString(Clean(string.Join('\n', problems)));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, string file, string name, TimeSpan duration)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(file));
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("file", Clean(file));
        xml.WriteAttributeString("time", Seconds(duration));
    }

    private static IEnumerable<string> Lines(string file, RequestFailure failure) =>
    [
        TextReport.Heading(file, failure),
        .. failure.Differences.Select(static difference => $"  {difference.Field}: expected {difference.Expected}, got {difference.Got}"),
        "  " + TextReport.Sentence(failure.Decided),
    ];

    private static void Counts(XmlWriter xml, int tests, int failures, int errors)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // A name may have what XML cannot hold.
    private static string Clean(string text) => string.Concat(text.Select(static character => XmlConvert.IsXmlChar(character) ? character : '?'));
}
