namespace Decision.Engine.Tests.Cases;

/// <summary>Every case of tests/cases, one test each.</summary>
public sealed class GoldenCaseTests
{
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (string name in CaseFile.All.Keys)
            {
                names.Add(new TheoryDataRow<string>(name) { TestDisplayName = name });
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_holds(string name) => CaseRunner.Run(CaseFile.All[name]);
}
