using Decision.Engine.Findings;
using Decision.Runtime.Administration;

namespace Decision.Server.Grpc.Admin;

/// <summary>Checks of what a caller sent, before the administration sees it.</summary>
internal static class Sent
{
    /// <summary>The resource of a request.</summary>
    /// <exception cref="AdministrationException">There is none.</exception>
    public static T Required<T>(T? resource, string field)
        where T : class =>
        resource ?? throw new AdministrationException(field, "is missing: send it.");

    /// <summary>An id that names something.</summary>
    /// <exception cref="AdministrationException">It is empty.</exception>
    public static string RequiredId(string id, string field) =>
        id.Length > 0 ? id : throw new AdministrationException(field, "is missing: write the id.");

    /// <summary>A text that must not be empty.</summary>
    /// <exception cref="AdministrationException">It is empty.</exception>
    public static string RequiredText(string text, string field) =>
        text.Length > 0 ? text : throw new AdministrationException(field, "is missing: send it.");

    /// <summary>What was mapped. Where the mapping found errors, those of the rules are told with them.</summary>
    /// <exception cref="AdministrationException">With every error of both.</exception>
    public static T Checked<T>(T mapped, FieldFindings findings, Action<T, FindingList> check)
    {
        if (!findings.List.HasErrors)
        {
            return mapped;
        }

        check(mapped, findings.List);
        throw new AdministrationException(findings.List);
    }
}
