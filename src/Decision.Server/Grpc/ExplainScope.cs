using Decision.Contracts.V1;
using Decision.Runtime.Credentials;

namespace Decision.Server.Grpc;

/// <summary>An explanation tells what a key may do: only to whoever may see that key.</summary>
internal static class ExplainScope
{
    /// <exception cref="Runtime.Administration.AdministrationException">The caller may not see the key.</exception>
    public static ExplainResponse Checked(ExplainResponse explained)
    {
        if (explained.Response.Reason is not (Reason.KeyMissing or Reason.KeyUnknown))
        {
            Actor.Current.Require(explained.Response.OrganizationId, "key");
        }

        return explained;
    }
}
