//! For tests: an engine on a temporary folder, with two tenants, a clock that stands still until it
//! is moved, and capabilities that decide what they are told.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bonafide_domain::chore::Chore;
use bonafide_domain::decision::{Capability, Decision, DecisionType, labels};
use bonafide_domain::region::Region;
use bonafide_domain::tenant::{ConsentPolicy, Permissions, Settings, Tenant, TenantMode};
use bonafide_face::FaceReader;
use bonafide_face::passive::{self, BONA_FIDE, Evaluation, Judged};
use bonafide_imaging::Limits;
use bonafide_models::{InstallOptions, Library};
use bonafide_screening::list::Source;
use bonafide_screening::store::{ImportOptions, ListStore};
use bonafide_store::{BlobStore, Store};
use bonafide_vault::KeyRing;
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tempfile::TempDir;

use crate::admin::{self, Client};
use crate::capability::{Capabilities, DocumentReader, Faces, Inputs, Judge, Outcome};
use crate::screening::{ComplyAdvantage, Watchlists};
use crate::{CallbackOptions, Caller, Clock, Context, Engine, Parts, PublicUrls, Sender};

/// An engine for tests. The folder lives as long as it does.
pub struct TestEngine {
    /// The engine.
    pub engine: Engine,
    /// Its clock.
    pub clock: TestClock,
    /// A tenant with every product.
    pub tenant: TestTenant,
    /// Another one.
    pub other: TestTenant,
    /// Holds the database and the blobs.
    pub folder: TempDir,
}

/// A tenant and a client of it.
pub struct TestTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// Its client.
    pub client: Client,
}

impl TestEngine {
    /// On SQLite, with scripted capabilities.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("bonafide.db").display());
        Self::on(&url, folder, scripted()).await
    }

    /// On a database, with capabilities of one's own.
    pub async fn on(url: &str, folder: TempDir, capabilities: Capabilities) -> Self {
        let clock = TestClock::new("2026-06-01T12:00:00Z");
        let engine = engine(url, folder.path(), capabilities, clock.clone()).await;
        let tenant = add_tenant(&engine, "first", TenantMode::Test).await;
        let other = add_tenant(&engine, "second", TenantMode::Test).await;
        Self { engine, clock, tenant, other, folder }
    }

    /// Does a chore now, whenever its timer would ring.
    pub async fn take_turn(&self, chore: Chore) {
        self.engine.do_chore(chore, 0).await.expect("the chore can be done");
    }

    /// Makes this the server's own watchlist: CSV as `bonafide lists import --source own` takes it.
    pub fn import_list(&self, csv: &str) {
        let file = self.folder.path().join("list.csv");
        std::fs::write(&file, csv).expect("a list can be written");
        let options = ImportOptions { allow_shrink: true, ..ImportOptions::default() };
        ListStore::new(self.folder.path().join("lists"))
            .import(Source::Own, &[file], self.engine.context.now(), options)
            .expect("the list can be read");
    }

    /// The first tenant's client, authenticated.
    pub async fn caller(&self) -> Caller {
        self.authenticate(&self.tenant).await
    }

    /// A tenant's client, authenticated.
    pub async fn authenticate(&self, tenant: &TestTenant) -> Caller {
        self.engine
            .authenticate_basic(&tenant.client.client_id, tenant.client.client_secret.expose())
            .await
            .expect("the test client's secret holds")
    }
}

/// An engine on a database and a folder. Engines on the same folder, in whatever process, share
/// the key ring and so can open what the others sealed.
pub async fn engine(
    url: &str,
    folder: &Path,
    capabilities: Capabilities,
    clock: impl Clock + 'static,
) -> Engine {
    let store = Store::connect(url).await.expect("the test database can be opened");
    store.migrate().await.expect("the database takes the migrations");
    let sender = Sender::new(CallbackOptions {
        schedule: vec![Duration::from_millis(100); 5],
        time_limit: Duration::from_secs(5),
        allow_private_addresses: true,
    });
    Engine::new(Parts {
        store,
        blobs: BlobStore::open(&folder.join("blobs")).expect("a folder for blobs"),
        key_ring: KeyRing::generate(&mut StdRng::seed_from_u64(7), "test-1".to_owned())
            .expect("the id is short and plain"),
        context: Context::with_clock(clock),
        capabilities,
        watchlists: Arc::new(Watchlists::new(folder.join("lists"), SignedDuration::from_hours(24))),
        comply_advantage: ComplyAdvantage::new(Duration::from_millis(5))
            .expect("the client of a provider can be made"),
        public_urls: PublicUrls::single_host("https://bonafide.example"),
        limits: Limits::default(),
        sender: sender.expect("the client of callbacks can be made"),
        region: Region::Emea1,
        idempotency_lifetime: Duration::from_hours(24),
    })
}

/// A further tenant with every product, and a client of it.
pub async fn add_tenant(engine: &Engine, name: &str, mode: TenantMode) -> TestTenant {
    let settings = Settings {
        identity_verification: true,
        screening: true,
        facemap_on_premise: true,
        consent: ConsentPolicy::AtInitiation,
        development_urls: true,
        ..Settings::default()
    };
    let (store, context) = (&engine.store, &engine.context);
    let tenant = admin::create_tenant(store, context, name, mode, Region::Emea1, settings)
        .await
        .expect("the tenant is new");
    let permissions = Permissions { initiate: true, retrieve: true };
    let client = admin::create_client(store, context, tenant.id, permissions)
        .await
        .expect("the tenant is there");
    TestTenant { tenant, client }
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock that shows this time.
    pub fn new(at: &str) -> Self {
        let at: Timestamp = at.parse().expect("a test writes RFC 3339");
        Self(Arc::new(AtomicI64::new(at.as_millisecond())))
    }

    /// Moves it on.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

/// Capabilities that pass everything, each with a first label of the contract.
pub fn scripted() -> Capabilities {
    Capability::ALL
        .iter()
        .filter_map(|capability| {
            let label = labels(*capability, DecisionType::Passed).first()?;
            Decision::new(*capability, DecisionType::Passed, *label).ok().map(|d| (*capability, d))
        })
        .fold(Capabilities::default(), |all, (capability, decision)| {
            all.with(capability, Scripted(decision))
        })
}

/// Real capabilities, on the packs that are installed for this user; none where one is missing.
pub fn installed() -> Option<Capabilities> {
    let library = library(&models_folder()?)?;
    let (documents, faces) = (documents(&library), faces(&library));
    let ready = documents.is_ready() && faces.is_ready();
    ready.then(|| Capabilities::new(&documents, &faces))
}

/// Real capabilities without any pack.
pub fn without_packs(empty_folder: &Path) -> Option<Capabilities> {
    on_packs_in(empty_folder)
}

/// Real capabilities on the installed packs but the one for faces.
pub fn without_faces(empty_folder: &Path) -> Option<Capabilities> {
    let documents = documents(&library(&models_folder()?)?);
    documents
        .is_ready()
        .then(|| Some(Capabilities::new(&documents, &faces(&library(empty_folder)?))))?
}

/// Real capabilities with the nets against presentation attacks too, which are made of the operator's
/// files and put into an empty folder with the packs that are installed for this user; with an
/// evaluation that was made up, or without one. None where a pack is missing.
pub fn with_attack_nets(folder: &Path, files: &Path, measured: bool) -> Option<Capabilities> {
    let install = |pack: &str, from_dir: PathBuf| {
        let options = InstallOptions {
            directory: folder.to_owned(),
            from_dir: Some(from_dir),
            offline: true,
            ..InstallOptions::default()
        };
        bonafide_models::install(pack, &options, &mut ()).ok()
    };
    for pack in ["documents", "face-default"] {
        install(pack, models_folder()?.join(pack))?;
    }
    install("minifasnet", files.to_owned())?;
    if measured {
        let library = library(folder)?;
        let reader = FaceReader::open(&library).ok()?;
        let judged = |subject: usize, species: Option<&str>, likelihood: f32| Judged {
            subject: subject.to_string(),
            species: species.map(str::to_owned),
            likelihood: Some(likelihood),
        };
        let pictures: Vec<Judged> = (0..80)
            .map(|subject| judged(subject, Some("print"), 0.0))
            .chain((0..5).map(|subject| judged(subject, None, 1.0)))
            .collect();
        let told = ("made up".to_owned(), "2026-06-01T00:00:00Z".to_owned());
        let detector = reader.attack_detector()?;
        let evaluation = Evaluation::new(detector, &pictures, told, BONA_FIDE, 0.05);
        evaluation.keep(&passive::folder(&library).ok()?).ok()?;
    }
    on_packs_in(folder)
}

fn on_packs_in(folder: &Path) -> Option<Capabilities> {
    let library = library(folder)?;
    Some(Capabilities::new(&documents(&library), &faces(&library)))
}

fn library(folder: &Path) -> Option<Arc<Library>> {
    Library::open(folder).ok().map(Arc::new)
}

fn documents(library: &Arc<Library>) -> Arc<DocumentReader> {
    Arc::new(DocumentReader::open(library, &Limits::default()))
}

fn faces(library: &Arc<Library>) -> Arc<Faces> {
    Arc::new(Faces::open(library, &Limits::default()))
}

fn models_folder() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    Some(cache.or_else(home)?.join("bonafide").join("models"))
}

/// Decides what it was told.
pub struct Scripted(pub Decision);

impl Judge for Scripted {
    fn evaluate(&self, _inputs: &Inputs) -> Outcome {
        Outcome::of(self.0)
    }
}
