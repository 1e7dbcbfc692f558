//! Regions (contract §1): deployments with addresses, storage and keys of their own.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// Where a tenant's data is. Nothing crosses from one region to another.
    pub enum Region {
        /// The United States.
        Amer1 = "amer-1",
        /// The European Union.
        Emea1 = "emea-1",
        /// Singapore.
        Apac1 = "apac-1",
    }
}
