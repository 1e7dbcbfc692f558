//! Workflow keys: those of v3, and the platform's forms of them (contract §6.1, §6.3).

use crate::wire_enum::wire_enum;

wire_enum! {
    /// `workflowDefinition.key`; always a string in answers (contract §3.2).
    pub enum WorkflowKey {
        IdCaptureAndStorage = "1",
        IdVerification = "2",
        IdAndIdentityVerification = "3",
        SimilarityToExistingId = "5",
        StandaloneLiveness = "6",
        Authentication = "9",
        AuthenticationOnPremise = "16",
        SimilarityOfTwoImages = "20",
        IdVerificationIdentityVerificationScreening = "32",
        PlatformScreening = "10010",
        PlatformIdAndIdentityVerification = "10011",
        PlatformIdIdentityAndScreening = "10013",
        PlatformAuthentication = "10014",
        PlatformIdVerification = "10015",
        PlatformLiveness = "10016",
        PlatformSimilarityToExistingId = "10025",
        PlatformIdCaptureAndStorage = "10031",
        PlatformAuthenticationOnPremise = "10071",
    }
}

/// Each v3 key and its platform form. 20 and 32 have none that is known; 10010 and 10013 have no
/// v3 form.
const FORMS: [(WorkflowKey, WorkflowKey); 7] = {
    use WorkflowKey as K;
    [
        (K::IdCaptureAndStorage, K::PlatformIdCaptureAndStorage),
        (K::IdVerification, K::PlatformIdVerification),
        (K::IdAndIdentityVerification, K::PlatformIdAndIdentityVerification),
        (K::SimilarityToExistingId, K::PlatformSimilarityToExistingId),
        (K::StandaloneLiveness, K::PlatformLiveness),
        (K::Authentication, K::PlatformAuthentication),
        (K::AuthenticationOnPremise, K::PlatformAuthenticationOnPremise),
    ]
};

impl WorkflowKey {
    /// Whether it is a platform key: those have five digits.
    pub fn is_platform(self) -> bool {
        self.as_str().len() == 5
    }

    /// The platform form of a v3 key, where one is known.
    pub fn platform_form(self) -> Option<Self> {
        FORMS.iter().find(|(v3, _)| *v3 == self).map(|(_, platform)| *platform)
    }
}

#[cfg(test)]
mod tests {
    use super::super::definition;
    use super::*;

    #[test]
    fn platform_forms_are_the_same_workflows() {
        for (v3, platform) in FORMS {
            assert!(!v3.is_platform() && platform.is_platform());
            assert_eq!(v3.platform_form(), Some(platform));
            let (v3, platform) = (definition(v3), definition(platform));
            assert_eq!(v3.name, platform.name);
            assert_eq!(v3.prerequisites, platform.prerequisites);
            let categories = |of: &super::super::WorkflowDefinition| -> Vec<_> {
                of.credentials.iter().map(|slot| slot.category).collect()
            };
            assert_eq!(categories(v3), categories(platform));
        }
        assert_eq!(WorkflowKey::SimilarityOfTwoImages.platform_form(), None);
        assert_eq!(WorkflowKey::PlatformScreening.platform_form(), None);
    }
}
