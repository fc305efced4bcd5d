using Decision.Engine.Findings;
using Decision.Runtime.Administration;

namespace Decision.Runtime.Credentials;

/// <summary>What a new credential must be.</summary>
internal static class CredentialRules
{
    public const int LongestName = 100;
    public const int LongestDescription = 500;
    public const int MostOrganizations = 100;
    private const int LongestOrganization = 128;

    /// <exception cref="AdministrationException">With everything that is wrong.</exception>
    public static void Check(AdminCredential credential, long nowUs)
    {
        var findings = new FindingList();
        CheckText(credential.Name, "name", LongestName, findings);
        CheckText(credential.Description, "description", LongestDescription, findings);
        if (credential.Name.Trim().Length == 0)
        {
            findings.Error("credential", "name", "is missing: write who or what will have the credential.");
        }

        if (credential.Organizations.Length > MostOrganizations)
        {
            findings.Error("credential", "organizations", $"has {credential.Organizations.Length} entries: name {MostOrganizations} at most, or none for all organisations.");
        }

        for (int index = 0; index < credential.Organizations.Length; index++)
        {
            string id = credential.Organizations[index];
            if (id.Length is 0 or > LongestOrganization || id.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '~' or '-')))
            {
                findings.Error("credential", $"organizations[{index}]", "is no organisation's id: write 1 to 128 letters, digits, '.', '_', '~' or '-'.");
            }
        }

        if (credential.ExpiresAtUs != 0 && credential.ExpiresAtUs <= nowUs)
        {
            findings.Error("credential", "expires", "lies in the past: write a later moment, or leave it out for a credential that does not expire.");
        }

        AdministrationException.ThrowIfErrors(findings);
    }

    private static void CheckText(string text, string field, int longest, FindingList findings)
    {
        if (text.Length > longest)
        {
            findings.Error("credential", field, $"has {text.Length} characters: write {longest} at most.");
        }

        if (text.Any(char.IsControl))
        {
            findings.Error("credential", field, "has a control character: write plain text on one line.");
        }
    }
}
